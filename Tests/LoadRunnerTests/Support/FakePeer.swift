import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

@testable import Wire

/// One connection of a fake server.
///
/// `@unchecked Sendable`, for scripts hold it in closures that run on its event loop, where alone it is used.
final class FakePeer: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The number of the connection, from 0.
    let number: Int
    /// How many requests have come on this connection.
    private(set) var requestCount = 0
    private let peers: FakePeers
    private let script: FakeServer.Script
    private var context: ChannelHandlerContext?
    /// Set once, before anybody else knows of the peer.
    private var eventLoop: (any EventLoop)?
    private var pending: [UInt8] = []
    private var isUpgraded = false

    init(_ peers: FakePeers, _ script: FakeServer.Script) {
        self.peers = peers
        self.script = script
        number = peers.next()
    }

    /// How many connections the server has.
    var openConnections: Int { peers.server.withLock { $0 }?.openConnections ?? 0 }

    /// Where the client connects from.
    var clientAddress: String? { context?.remoteAddress?.ipAddress }

    /// How many polls of a session the server has seen.
    var polls: Int {
        peers.server.withLock { $0 }?.requests.count {
            $0.method == "GET" && $0.uri.contains("polling") && $0.uri.contains("sid=")
        } ?? 0
    }

    /// How many plain messages with this text in them have come on this connection.
    func count(_ text: String) -> Int {
        peers.server.withLock { $0 }?.log.count { entry in
            if case .message(number, let message) = entry { message.contains(text) } else { false }
        } ?? 0
    }

    // MARK: Sending

    func send(_ bytes: [UInt8]) {
        context?.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    /// Sends bytes and notes when the kernel has taken them.
    func push(_ bytes: [UInt8]) {
        guard let context else { return }
        let (peers, number) = (peers, number)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenSuccess { peers.note(.pushed(number, bytes.count)) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: promise)
    }

    func respond(_ status: Int, _ body: String, headers: [String] = []) {
        let lines = ["HTTP/1.1 \(status) Some", "Content-Length: \(body.utf8.count)"] + headers
        send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
    }

    func sendFrame(_ opcode: UInt8, _ payload: [UInt8]) {
        send(Self.frame(opcode, payload))
    }

    func sendText(_ text: String) {
        sendFrame(1, Array(text.utf8))
    }

    func sendOpen(pingInterval: Int = 25_000, pingTimeout: Int = 20_000) {
        sendText(#"0{"sid":"e","upgrades":[],"pingInterval":\#(pingInterval),"pingTimeout":\#(pingTimeout)}"#)
    }

    func sendEvent(_ name: String, _ data: String = "{}") {
        sendText(#"42["\#(name)",\#(data)]"#)
    }

    /// Sends bytes in pieces, one in each turn of the loop.
    func drip(_ bytes: ArraySlice<UInt8>, by size: Int) {
        guard !bytes.isEmpty else { return }
        send(Array(bytes.prefix(size)))
        after(.microseconds(100)) { $0.drip(bytes.dropFirst(size), by: size) }
    }

    func sendBinary(_ bytes: [UInt8]) {
        sendFrame(2, bytes)
    }

    func sendClose(_ code: UInt16, _ reason: String) {
        sendFrame(8, [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }

    /// Lets the peer do something later; from wherever it is called.
    func after(_ time: TimeAmount, _ action: @escaping @Sendable (FakePeer) -> Void) {
        eventLoop?.scheduleTask(in: time) { action(self) }
    }

    // MARK: Ending

    func close() {
        context?.close(promise: nil)
    }

    /// Closes the socket of a TLS session that it does not end.
    func closeUncleanly() {
        guard let context else { return }
        try? context.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self).close(promise: nil)
    }

    /// Closes with RST.
    func reset() {
        guard let context else { return }
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        close()
    }

    func stopReading() {
        try? context?.channel.syncOptions?.setOption(.autoRead, value: false)
    }

    func startReading() {
        try? context?.channel.syncOptions?.setOption(.autoRead, value: true)
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        eventLoop = context.eventLoop
    }

    func channelActive(context: ChannelHandlerContext) {
        peers.note(.accepted(number))
        script.accepted(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        peers.note(.ended(number))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if (error as? IOError)?.errnoCode == ECONNRESET { peers.note(.reset(number)) }
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pending += Array(unwrapInboundIn(data).readableBytesView)
        while isUpgraded ? readFrame() : readRequest() {}
    }

    // MARK: HTTP

    private func readRequest() -> Bool {
        guard let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) else { return false }
        let lines = String(decoding: pending[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard pending.count >= end.upperBound + length else { return false }
        let words = (lines.first ?? "").split(separator: " ").map(String.init)
        let request = FakeRequest(
            method: words.first ?? "",
            uri: words.dropFirst().first ?? "",
            headers: headers,
            body: String(decoding: pending[end.upperBound..<(end.upperBound + length)], as: UTF8.self)
        )
        pending.removeFirst(end.upperBound + length)
        requestCount += 1
        peers.note(.request(number, request))
        guard let key = headers["sec-websocket-key"], !script.refusesUpgrades else {
            script.request(self, request)
            return true
        }
        let digest = SHA1.digest(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        let lines101 = [
            "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Accept: \(Data(digest).base64EncodedString())",
        ]
        send(Array((lines101.joined(separator: "\r\n") + "\r\n\r\n").utf8))
        isUpgraded = true
        peers.note(.opened(number))
        if !script.isPlain { script.opened(self) } else { script.plainOpened(self) }
        return true
    }

    // MARK: WebSocket

    static func frame(_ opcode: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let count = payload.count
        var bytes: [UInt8] = [0x80 | opcode]
        switch count {
        case ...125: bytes.append(UInt8(count))
        case ...0xFFFF: bytes += [126, UInt8(count >> 8), UInt8(count & 0xFF)]
        default: bytes += [127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        }
        return bytes + payload
    }

    private func readFrame() -> Bool {
        guard pending.count >= 2 else { return false }
        var length = Int(pending[1] & 0x7F)
        var place = 2
        if length >= 126 {
            place = length == 126 ? 4 : 10
            guard pending.count >= place else { return false }
            length = pending[2..<place].reduce(0) { $0 << 8 | Int($1) }
        }
        guard pending.count >= place + 4 + length else { return false }
        let mask = Array(pending[place..<(place + 4)])
        let payload = pending[(place + 4)..<(place + 4 + length)].enumerated().map { $1 ^ mask[$0 % 4] }
        let opcode = pending[0] & 0x0F
        pending.removeFirst(place + 4 + length)
        switch opcode {
        case 1:
            let text = String(decoding: payload, as: UTF8.self)
            if script.isPlain {
                peers.note(.message(number, text))
                script.message(self, text)
            } else {
                packet(text)
            }
        case 2:
            peers.note(.binary(number, Array(payload)))
            script.binary(self, Array(payload))
        case 9:
            peers.note(.ping(number))
            if script.answersPings { sendFrame(10, payload) }
        case 8:
            peers.note(.close(number, payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : 1005))
            script.closed(self)
            sendFrame(8, payload)
            close()
        default:
            break
        }
        return true
    }

    private func packet(_ text: String) {
        switch text.prefix(2) {
        case "40":
            let namespace = text.dropFirst(2).prefix { $0 != "," && $0 != "{" }
            peers.note(.connect(number, String(namespace)))
            if namespace.hasPrefix("/") {
                sendText("40\(namespace),{\"sid\":\"n\"}")
            } else {
                script.connect(self)
            }
        case "41": peers.note(.left(number))
        case "43", "46", "45": peers.note(.packet(number, text))
        case "42" where text.hasPrefix("42/"): peers.note(.packet(number, text))
        case "42":
            let id = text.dropFirst(2).prefix { $0.isNumber }
            let content = text.dropFirst(2 + id.count + 2)
            let name = content.prefix { $0 != "\"" }
            let data = content.dropFirst(name.count + 2).dropLast()
            let event = FakeEvent(name: String(name), data: String(data), id: Int(id))
            peers.note(.event(number, event))
            script.event(self, event)
        case "2p": script.probed(self)
        default: break
        }
    }
}

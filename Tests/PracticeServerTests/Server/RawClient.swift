import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A TCP client that speaks in bytes: nothing of what it sends or reads goes through Wire or NIOWebSocket.
struct RawClient {
    /// A frame of the server's.
    struct Frame: Equatable {
        var opcode: UInt8
        var payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
    }

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let channel: any Channel
    private var pending: [UInt8] = []

    /// Connects, talks, and closes.
    ///
    /// - Parameter receiveBuffer: How many bytes the kernel keeps that are not read yet, or about so many.
    static func talk<Result: Sendable>(
        to port: Int,
        receiveBuffer: Int? = nil,
        _ body: @Sendable (inout RawClient) async throws -> Result
    ) async throws -> Result {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        if let receiveBuffer {
            let size = SocketOptionValue(receiveBuffer)
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: size)
        }
        let channel =
            try await bootstrap
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var client = RawClient(inbound: inbound.makeAsyncIterator(), outbound: outbound, channel: channel.channel)
            return try await body(&client)
        }
    }

    /// Upgrades with the example key of RFC 6455 section 1.3; returns the head of the answer.
    @discardableResult
    mutating func upgrade(
        _ uri: String = "/socket.io/?EIO=4&transport=websocket",
        headers: [String] = []
    ) async throws -> String {
        let lines =
            [
                "GET \(uri) HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
            ] + headers
        try await send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try await head()
    }

    /// Upgrades and joins the main namespace.
    mutating func join(_ uri: String = "/socket.io/?EIO=4&transport=websocket") async throws {
        try await upgrade(uri)
        _ = try await frame()
        try await sendText("40")
        _ = try await frame()
    }

    mutating func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    mutating func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    mutating func sendText(_ text: String) async throws {
        try await sendFrame(0x81, Array(text.utf8))
    }

    /// Sends a frame with the mask of RFC 6455's examples.
    mutating func sendFrame(_ firstByte: UInt8, _ payload: [UInt8]) async throws {
        let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        var bytes = [firstByte]
        switch payload.count {
        case ...125: bytes.append(0x80 | UInt8(payload.count))
        case ...0xFFFF: bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: bytes += [0x80 | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        bytes += mask
        bytes += payload.enumerated().map { $1 ^ mask[$0 % 4] }
        try await send(bytes)
    }

    /// A frame whose mask changes nothing, so that a long one costs little.
    static func longFrame(_ firstByte: UInt8, _ payload: String) -> [UInt8] {
        let count = payload.utf8.count
        let length = (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        return [firstByte, 0x80 | 127] + length + [0, 0, 0, 0] + Array(payload.utf8)
    }

    /// Sends a request and returns status and body.
    mutating func request(_ method: String, _ path: String, body: String = "", headers: [String] = []) async throws
        -> (status: Int, body: String)
    {
        let lines = ["\(method) \(path) HTTP/1.1", "Host: localhost", "Content-Length: \(body.utf8.count)"] + headers
        try await send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        return try await response()
    }

    mutating func response() async throws -> (status: Int, body: String) {
        let head = try await head()
        let status = Int(head.dropFirst(9).prefix(3)) ?? 0
        let length = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let count = length.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        return (status, String(decoding: try await take(count), as: UTF8.self))
    }

    /// The next response's head, with its last empty line.
    mutating func head() async throws -> String {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) { head += try await take(1) }
        return String(decoding: head, as: UTF8.self)
    }

    mutating func frame() async throws -> Frame {
        let start = try await take(2)
        guard start[1] & 0x80 == 0 else { throw ClientError.maskedByServer }
        var count = Int(start[1])
        if count == 126 {
            count = try await take(2).reduce(0) { $0 << 8 | Int($1) }
        } else if count == 127 {
            count = try await take(8).reduce(0) { $0 << 8 | Int($1) }
        }
        return Frame(opcode: start[0], payload: try await take(count))
    }

    /// The next text, past any ping.
    mutating func text() async throws -> String {
        while true {
            let frame = try await frame()
            guard frame.opcode == 0x81 else { throw ClientError.unexpectedFrame(frame) }
            if frame.text != "2" { return frame.text }
        }
    }

    /// Reads until a close frame, answers it, and returns its payload.
    mutating func close() async throws -> [UInt8] {
        while true {
            let frame = try await frame()
            guard frame.opcode == 0x88 else { continue }
            // The server may have closed the connection already.
            try? await sendFrame(0x88, frame.payload)
            return frame.payload
        }
    }

    /// Ends the connection by a TCP RST.
    func reset() async throws {
        if let socket = channel as? any SocketOptionProvider {
            try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try await channel.close()
    }

    /// Whether the server closed the connection, after whatever it still sent.
    mutating func isAtEnd() async throws -> Bool {
        while try await inbound.next() != nil {}
        return true
    }

    private mutating func take(_ count: Int) async throws -> [UInt8] {
        while pending.count < count {
            guard let buffer = try await inbound.next() else { throw ClientError.closed }
            pending += Array(buffer.readableBytesView)
        }
        defer { pending.removeFirst(count) }
        return Array(pending.prefix(count))
    }
}

enum ClientError: Error {
    case closed
    case maskedByServer
    case unexpectedFrame(RawClient.Frame)
}

/// A client's connection to one namespace, packet by packet.
///
/// Source: socket.io-protocol, Readme.md, "Exchange protocol"; socket.io-client, lib/socket.ts.
package struct SocketIOSession: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case connected(sid: String)
        /// The namespace turned the client down (CONNECT_ERROR).
        case refused(message: String)
        /// Also before the namespace is connected: some servers send what their connect handlers emit ahead of the
        /// answer to CONNECT. The official client holds such events back until it is connected.
        case event
        case ack(Int)
        /// The server ended the connection to the namespace (DISCONNECT).
        case disconnected
        /// Nothing for this client: another namespace, or after the end.
        case ignored
    }

    package enum State: Hashable, Sendable {
        /// CONNECT is sent, or about to be.
        case connecting
        case connected
        case closed
    }

    package let namespace: SocketIONamespace
    package private(set) var state = State.connecting
    /// What to get the session back with; nil where the server does not offer it.
    package private(set) var recovery: SocketIORecovery?
    /// The server gave an earlier session back, with what it held.
    package private(set) var isRestored = false

    /// - Parameter recovery: What the session before, whose connection fell, is got back with.
    package init(namespace: SocketIONamespace, recovery: SocketIORecovery? = nil) {
        self.namespace = namespace
        self.recovery = recovery
    }

    /// Takes a packet that lies in these bytes.
    package mutating func receive(
        _ packet: SocketIOPacketView,
        in bytes: UnsafeRawBufferPointer
    ) throws(WireError) -> Action {
        guard state != .closed, isOurs(packet, bytes) else { return .ignored }
        switch packet.type {
        case .event, .binaryEvent:
            if recovery != nil, state == .connected { noteOffset(of: packet, bytes) }
            return .event
        case .ack, .binaryAck:
            guard state == .connected, let id = packet.id else {
                throw fail("An acknowledgement came before the namespace was connected.")
            }
            return .ack(id)
        case .connect:
            guard state == .connecting else { throw fail("The server connected the namespace a second time.") }
            guard let sid = text(Self.sid, of: packet, bytes) else {
                throw fail("The server's CONNECT has no sid; it may be a Socket.IO server before version 3.")
            }
            state = .connected
            noteSession(of: packet, bytes)
            return .connected(sid: sid)
        case .connectError:
            state = .closed
            return .refused(message: message(of: packet, bytes))
        case .disconnect:
            state = .closed
            return .disconnected
        }
    }

    /// The client leaves the namespace, or its connection is gone.
    package mutating func close() {
        state = .closed
    }
}

extension SocketIOSession {
    private static var sid: StaticString { "sid" }
    private static var pid: StaticString { "pid" }
    private static var message: StaticString { "message" }

    @inline(__always)
    private func isOurs(_ packet: SocketIOPacketView, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let range = packet.namespace else { return namespace.isMain }
        guard let base = bytes.baseAddress, JSONScanner.clamp(range, to: bytes) != nil else { return false }
        return range.count == namespace.bytes.count
            && namespace.bytes.withUnsafeBytes { isEqual(base + range.lowerBound, $0) }
    }

    private func text(
        _ name: StaticString,
        of packet: SocketIOPacketView,
        _ bytes: UnsafeRawBufferPointer
    ) -> String? {
        let name = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        guard let payload = packet.payload,
            let value = JSONScanner.member(named: name, of: payload, in: bytes)
        else { return nil }
        return JSONScanner.string(of: value, in: bytes)
    }

    private mutating func noteSession(of packet: SocketIOPacketView, _ bytes: UnsafeRawBufferPointer) {
        guard let pid = text(Self.pid, of: packet, bytes), !pid.isEmpty, pid.utf8.count <= SocketIORecovery.limit else {
            recovery = nil
            return
        }
        isRestored = recovery?.pid == pid
        if !isRestored { recovery = SocketIORecovery(pid: pid) }
    }

    /// Remembers the last argument, where it is a string.
    private mutating func noteOffset(of packet: SocketIOPacketView, _ bytes: UnsafeRawBufferPointer) {
        guard let list = packet.list, let text = Self.lastString(of: list, in: bytes),
            text.lowerBound != packet.name?.range.lowerBound, text.count <= SocketIORecovery.limit
        else { return }
        recovery?.keep(offset: UnsafeRawBufferPointer(rebasing: bytes[text]))
    }

    /// The last element of a valid array with its quotes, if it is a string: found from the end, for the array may be
    /// long.
    private static func lastString(of list: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        var end = list.upperBound - 1
        repeat { end -= 1 } while end > list.lowerBound && bytes[end] <= UInt8(ascii: " ")
        guard end > list.lowerBound, bytes[end] == UInt8(ascii: "\"") else { return nil }
        var begin = end - 1
        while begin > list.lowerBound {
            if bytes[begin] == UInt8(ascii: "\"") {
                var escapes = 0
                while bytes[begin - 1 - escapes] == UInt8(ascii: "\\") { escapes += 1 }
                if escapes % 2 == 0 { return begin..<(end + 1) }
            }
            begin -= 1
        }
        return nil
    }

    /// The server's words, cut to what a report can show.
    private func message(of packet: SocketIOPacketView, _ bytes: UnsafeRawBufferPointer) -> String {
        guard let payload = packet.payload else { return "" }
        if let text = JSONScanner.string(of: payload, in: bytes) ?? text(Self.message, of: packet, bytes) {
            return String(text.prefix(512))
        }
        return String(decoding: (JSONScanner.text(of: payload, in: bytes) ?? bytes).prefix(512), as: UTF8.self)
    }

    private mutating func fail(_ sentence: String) -> WireError {
        state = .closed
        return WireError(.protocolViolation, sentence)
    }
}

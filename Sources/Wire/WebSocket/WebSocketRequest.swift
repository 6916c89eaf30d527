import NIOCore

/// The request of the opening handshake, and what its answer has to be. Source: RFC 6455, section 4.1.
struct WebSocketRequest: Sendable {
    private let authority: String
    private let target: String
    private let headers: [(String, String)]
    private let subprotocols: [String]
    /// The 24 characters of `Sec-WebSocket-Key`.
    private let key: [UInt8]

    init(
        authority: String,
        target: String,
        headers: [(String, String)],
        subprotocols: [String],
        nonce: (UInt64, UInt64)
    ) throws(WireError) {
        guard !authority.isEmpty, authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw WireError(.protocolViolation, "The host \"\(authority)\" cannot stand in a Host header.")
        }
        guard target.utf8.first == UInt8(ascii: "/"),
            target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
        else {
            throw WireError(.protocolViolation, "The request target \"\(target)\" is no percent-encoded path.")
        }
        for (name, value) in headers { try Self.check(name, value) }
        for (place, name) in subprotocols.enumerated() {
            guard HTTPText.isToken(name) else {
                throw WireError(.protocolViolation, "\"\(name)\" cannot be the name of a subprotocol.")
            }
            guard !subprotocols[..<place].contains(name) else {
                throw WireError(.protocolViolation, "The subprotocol \(name) is offered twice.")
            }
        }
        self.authority = authority
        self.target = target
        self.headers = headers
        self.subprotocols = subprotocols
        var bytes: [UInt8] = []
        withUnsafeBytes(of: nonce.0.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: nonce.1.bigEndian) { bytes.append(contentsOf: $0) }
        key = Base64.encode(bytes)
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeStaticString("GET ")
        buffer.writeString(target)
        buffer.writeStaticString(" HTTP/1.1\r\nHost: ")
        buffer.writeString(authority)
        buffer.writeStaticString("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ")
        buffer.writeBytes(key)
        buffer.writeStaticString("\r\nSec-WebSocket-Version: 13\r\n")
        if !subprotocols.isEmpty {
            buffer.writeStaticString("Sec-WebSocket-Protocol: ")
            buffer.writeString(subprotocols.joined(separator: ", "))
            buffer.writeStaticString("\r\n")
        }
        for (name, value) in headers {
            buffer.writeString(name)
            buffer.writeStaticString(": ")
            buffer.writeString(value)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("\r\n")
    }

    /// Why an answer with status 101 opens no WebSocket, or nil where it does.
    func objection(to head: HTTPHead) -> String? {
        if head.minorVersion < 1 { return "The server switched protocols in HTTP/1.0." }
        if !head.hasToken("websocket", in: "Upgrade") { return "The answer has no \"Upgrade: websocket\"." }
        if !head.hasToken("upgrade", in: "Connection") { return "The answer has no \"Connection: Upgrade\"." }
        let accept = head.values("Sec-WebSocket-Accept")
        guard let first = accept.first else { return "The answer has no Sec-WebSocket-Accept." }
        if accept.count > 1 || Array(first.utf8) != Self.accept(key) {
            return "The answer's Sec-WebSocket-Accept is not the one for this request."
        }
        if head.values("Sec-WebSocket-Extensions").contains(where: { !$0.isEmpty }) {
            return "The server agreed to an extension that was not offered."
        }
        // Names compare as they stand: RFC 6455, section 4.1, last list, point 6, and section 11.3.4.
        let chosen = head.values("Sec-WebSocket-Protocol")
        if chosen.count > 1 { return "The server chose a subprotocol more than once." }
        if let chosen = chosen.first, !subprotocols.contains(chosen) {
            return "The server chose a subprotocol that was not offered."
        }
        return nil
    }

    /// What `Sec-WebSocket-Accept` has to be for a `Sec-WebSocket-Key`.
    static func accept(_ key: [UInt8]) -> [UInt8] {
        Base64.encode(SHA1.digest(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
    }

    private static func check(_ name: String, _ value: String) throws(WireError) {
        guard HTTPText.isToken(name) else {
            throw WireError(.protocolViolation, "\"\(name)\" cannot be the name of a header.")
        }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw WireError(.protocolViolation, "The value of the header \(name) has a control character in it.")
        }
        let reserved = [
            "host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version", "sec-websocket-accept",
            "sec-websocket-protocol", "sec-websocket-extensions", "content-length", "transfer-encoding",
        ]
        if reserved.contains(where: { HTTPText.isEqual($0, name) }) {
            throw WireError(.protocolViolation, "The header \(name) is written by the handshake itself.")
        }
    }
}

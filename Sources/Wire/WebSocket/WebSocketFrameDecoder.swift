package import NIOCore

/// Cuts what a server sends into messages.
///
/// The caller keeps one buffer of unread bytes per connection. After a read: where nothing is left in it, the read
/// buffer itself takes its place; otherwise the read bytes are appended (drop the messages taken before, or the
/// append copies). Then `next` is called until it returns nil. An announced length is checked before its payload
/// has come, so the buffer never grows beyond `maximumFrameSize` and one read; `missingBytes` says how much to reserve.
/// After an error or a close message nothing more comes. Source: RFC 6455, section 5.
package struct WebSocketFrameDecoder: Sendable {
    package var maximumFrameSize: Int
    package var maximumMessageSize: Int
    package var maximumFragments: Int
    /// Whether text messages are checked; off only where whoever reads them checks them as well (JSON does).
    package var validatesUTF8: Bool

    /// How many bytes the frame whose start has come still lacks; 0 where no frame is under way.
    package private(set) var missingBytes = 0

    private var fragments: WebSocketFragments?
    private var isFinished = false

    package init(
        maximumFrameSize: Int = WireLimits().frame,
        maximumMessageSize: Int = WireLimits().message,
        maximumFragments: Int = WireLimits().fragments,
        validatesUTF8: Bool = true
    ) {
        self.maximumFrameSize = maximumFrameSize
        self.maximumMessageSize = maximumMessageSize
        self.maximumFragments = maximumFragments
        self.validatesUTF8 = validatesUTF8
    }

    package init(limits: WireLimits, validatesUTF8: Bool = true) {
        self.init(
            maximumFrameSize: limits.frame,
            maximumMessageSize: limits.message,
            maximumFragments: limits.fragments,
            validatesUTF8: validatesUTF8
        )
    }

    /// Takes the next message from the buffer, or returns nil until more bytes have come.
    package mutating func next(_ buffer: inout ByteBuffer) throws(WebSocketError) -> WebSocketMessage? {
        while !isFinished {
            let header: WebSocketFrameHeader?
            do throws(WebSocketError) {
                header = try buffer.withUnsafeReadableBytes { bytes throws(WebSocketError) in
                    try WebSocketFrameHeader(bytes)
                }
            } catch {
                throw finish(error.kind)
            }
            guard let header else {
                missingBytes = 0
                return nil
            }
            try check(header)
            guard buffer.readableBytes - header.length >= header.payload else {
                missingBytes = header.payload - (buffer.readableBytes - header.length)
                return nil
            }
            missingBytes = 0
            buffer.moveReaderIndex(forwardBy: header.length)
            guard let payload = buffer.readSlice(length: header.payload) else { return nil }
            if let message = try take(payload, header) { return message }
        }
        buffer.moveReaderIndex(to: buffer.writerIndex)
        return nil
    }
}

extension WebSocketFrameDecoder {
    private mutating func check(_ header: WebSocketFrameHeader) throws(WebSocketError) {
        if header.opcode.isControl { return }
        if header.payload > maximumFrameSize { throw finish(.frameTooLarge) }
        if header.opcode == .continuation {
            guard let fragments else { throw finish(.continuationWithoutStart) }
            if fragments.count >= maximumFragments { throw finish(.tooManyFragments) }
            if header.payload > maximumMessageSize - fragments.payload.readableBytes {
                throw finish(.messageTooLarge)
            }
        } else {
            if fragments != nil { throw finish(.messageWithinMessage) }
            if header.payload > maximumMessageSize { throw finish(.messageTooLarge) }
        }
    }

    @inline(__always)
    private mutating func take(
        _ payload: ByteBuffer,
        _ header: WebSocketFrameHeader
    ) throws(WebSocketError) -> WebSocketMessage? {
        switch header.opcode {
        case .text, .binary:
            if header.isFinal { return try message(payload, isText: header.opcode == .text) }
            fragments = WebSocketFragments(payload, isText: header.opcode == .text)
            return nil
        case .continuation:
            fragments?.append(payload)
            guard header.isFinal, let whole = fragments else { return nil }
            fragments = nil
            return try message(whole.payload, isText: whole.isText)
        case .ping:
            return .ping(payload)
        case .pong:
            return .pong(payload)
        case .close:
            isFinished = true
            fragments = nil
            return try close(payload)
        }
    }

    private mutating func message(_ payload: ByteBuffer, isText: Bool) throws(WebSocketError) -> WebSocketMessage {
        guard isText else { return .binary(payload) }
        if validatesUTF8, !payload.withUnsafeReadableBytes({ UTF8Text.isValid($0) }) { throw finish(.textNotUTF8) }
        return .text(payload)
    }

    private mutating func close(_ payload: ByteBuffer) throws(WebSocketError) -> WebSocketMessage {
        var payload = payload
        if payload.readableBytes == 0 { return .close(code: nil, reason: "") }
        guard let code = payload.readInteger(as: UInt16.self) else { throw finish(.closePayloadOfOneByte) }
        guard Self.isValid(closeCode: code) else { throw finish(.closeCodeInvalid) }
        guard payload.withUnsafeReadableBytes({ UTF8Text.isValid($0) }) else { throw finish(.closeReasonNotUTF8) }
        return .close(code: code, reason: String(buffer: payload))
    }

    /// The codes that may stand on the wire: RFC 6455, section 7.4, and the IANA registry up to 1014.
    package static func isValid(closeCode: UInt16) -> Bool {
        switch closeCode {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    private mutating func finish(_ kind: WebSocketError.Kind) -> WebSocketError {
        isFinished = true
        fragments = nil
        missingBytes = 0
        return WebSocketError(kind)
    }
}

/// The fragments of a message so far, joined.
private struct WebSocketFragments: Sendable {
    var payload: ByteBuffer
    var isText: Bool
    var count = 1

    init(_ payload: ByteBuffer, isText: Bool) {
        self.payload = payload
        self.isText = isText
    }

    mutating func append(_ more: ByteBuffer) {
        payload.writeImmutableBuffer(more)
        count += 1
    }
}

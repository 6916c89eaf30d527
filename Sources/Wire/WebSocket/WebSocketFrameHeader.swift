/// The header of a frame from a server.
struct WebSocketFrameHeader {
    var opcode: WebSocketOpcode
    var isFinal: Bool
    /// Bytes of the header itself.
    var length: Int
    /// Bytes of the payload.
    var payload: Int

    /// Nil until all of the header has come; what is wrong with it is said as early as it shows.
    @inline(__always)
    init?(_ bytes: UnsafeRawBufferPointer) throws(WebSocketError) {
        let count = bytes.count
        guard count >= 1 else { return nil }
        let first = bytes[0]
        if first & 0x70 != 0 { throw WebSocketError(.reservedBits) }
        guard let opcode = WebSocketOpcode(rawValue: first & 0x0F) else { throw WebSocketError(.reservedOpcode) }
        self.opcode = opcode
        isFinal = first & 0x80 != 0
        if opcode.isControl, !isFinal { throw WebSocketError(.controlFrameFragmented) }
        guard count >= 2 else { return nil }
        let second = bytes[1]
        if second & 0x80 != 0 { throw WebSocketError(.maskedByServer) }
        switch second {
        case 126:
            if opcode.isControl { throw WebSocketError(.controlFrameTooLong) }
            guard count >= 4 else { return nil }
            length = 4
            payload = Int(bytes[2]) &<< 8 | Int(bytes[3])
            if payload < 126 { throw WebSocketError(.lengthNotMinimal) }
        case 127:
            if opcode.isControl { throw WebSocketError(.controlFrameTooLong) }
            guard count >= 10 else { return nil }
            length = 10
            var value: UInt64 = 0
            for index in 2..<10 { value = value &<< 8 | UInt64(bytes[index]) }
            if value >> 63 != 0 { throw WebSocketError(.lengthTooLarge) }
            if value < 1 << 16 { throw WebSocketError(.lengthNotMinimal) }
            payload = Int(truncatingIfNeeded: value)
        default:
            length = 2
            payload = Int(second)
        }
    }
}

import NIOCore

/// Turns the frames of a client into the frames that bring its messages back, as the bytes come.
///
/// Nothing is put together: a fragment comes back as a fragment, and what has come of a long frame goes back before
/// the rest is there. So no message is too long, and no memory is held for one. Source: RFC 6455 section 5.
struct EchoFrames {
    enum Outcome: Equatable {
        case open
        /// The client's close frame came, and was answered.
        case closed
        /// The client broke the protocol, and was told so by a close frame.
        case failed
    }

    /// Messages that came to their end; the caller sets it back.
    var finished = 0

    private let answersPings: Bool
    /// The start of a header whose rest has not come.
    private var header: [UInt8] = []
    /// The payload of a control frame, as far as it has come.
    private var control: [UInt8] = []
    /// What of the payload of the frame under way has not come.
    private var missing: UInt64 = 0
    /// The masking key, its next byte lowest.
    private var key: UInt32 = 0
    private var opcode: UInt8 = 0
    private var isFinal = true
    /// Whether a message began whose last fragment has not come.
    private var isFragmented = false

    private static var continuation: UInt8 { 0x0 }
    private static var close: UInt8 { 0x8 }
    private static var ping: UInt8 { 0x9 }

    init(answersPings: Bool = true) {
        self.answersPings = answersPings
    }

    /// Takes what was read, and appends what goes back.
    mutating func take(_ bytes: UnsafeRawBufferPointer, to output: inout ByteBuffer) -> Outcome {
        guard header.isEmpty else {
            let joined = header + bytes
            header = []
            return joined.withUnsafeBytes { run($0, &output) }
        }
        return run(bytes, &output)
    }

    private mutating func run(_ bytes: UnsafeRawBufferPointer, _ output: inout ByteBuffer) -> Outcome {
        var at = 0
        // Unmasked, everything takes less room than it took before.
        output.reserveCapacity(minimumWritableBytes: bytes.count)
        while true {
            if missing == 0 {
                guard let length = Self.headerLength(UnsafeRawBufferPointer(rebasing: bytes[at...])) else {
                    header.append(contentsOf: bytes[at...])
                    return .open
                }
                if let code = begin(UnsafeRawBufferPointer(rebasing: bytes[at..<(at + length)]), &output) {
                    return fail(code, &output)
                }
                at += length
            }
            let count = Int(min(missing, UInt64(bytes.count - at)))
            let part = UnsafeRawBufferPointer(rebasing: bytes[at..<(at + count)])
            if opcode & 0x8 == 0 {
                unmask(part, to: &output)
            } else {
                var payload = ByteBuffer()
                unmask(part, to: &payload)
                control.append(contentsOf: payload.readableBytesView)
            }
            missing -= UInt64(count)
            at += count
            guard missing == 0 else { return .open }
            if end(&output) { return .closed }
        }
    }

    /// How long the header is at the start of these bytes; nil until that is known and all of it has come.
    private static func headerLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 2 else { return nil }
        // An unmasked frame is refused by its first two bytes.
        guard bytes[1] & 0x80 != 0 else { return 2 }
        let length =
            switch bytes[1] & 0x7F {
            case 126: 8
            case 127: 14
            default: 6
            }
        return bytes.count >= length ? length : nil
    }

    /// Starts on a frame; returns the code of a close frame where it is not allowed.
    private mutating func begin(_ header: UnsafeRawBufferPointer, _ output: inout ByteBuffer) -> UInt16? {
        let protocolError: UInt16 = 1002
        opcode = header[0] & 0x0F
        isFinal = header[0] & 0x80 != 0
        guard header[0] & 0x70 == 0, header[1] & 0x80 != 0 else { return protocolError }
        let short = header[1] & 0x7F
        missing =
            switch short {
            case 126: UInt64(header[2]) << 8 | UInt64(header[3])
            case 127: (2..<10).reduce(0) { $0 << 8 | UInt64(header[$1]) }
            default: UInt64(short)
            }
        key = UInt32(littleEndian: header.loadUnaligned(fromByteOffset: header.count - 4, as: UInt32.self))
        switch opcode {
        case 0x0: guard isFragmented else { return protocolError }
        case 0x1, 0x2: guard !isFragmented else { return protocolError }
        case 0x8, 0x9, 0xA: return isFinal && short <= 125 ? nil : protocolError
        default: return protocolError
        }
        guard missing >> 63 == 0 else { return protocolError }
        isFragmented = !isFinal
        output.writeInteger(header[0])
        Self.write(length: missing, to: &output)
        return nil
    }

    /// Ends a frame; true where it was the client's close frame.
    private mutating func end(_ output: inout ByteBuffer) -> Bool {
        guard opcode & 0x8 != 0 else {
            if isFinal { finished &+= 1 }
            return false
        }
        defer { control.removeAll(keepingCapacity: true) }
        switch opcode {
        case Self.close:
            output.writeInteger(0x80 | Self.close)
            output.writeInteger(UInt8(truncatingIfNeeded: min(control.count, 2)))
            output.writeBytes(control.prefix(2))
            return true
        case Self.ping where answersPings:
            output.writeInteger(0x8A as UInt8)
            output.writeInteger(UInt8(truncatingIfNeeded: control.count))
            output.writeBytes(control)
        default: break
        }
        return false
    }

    private mutating func fail(_ code: UInt16, _ output: inout ByteBuffer) -> Outcome {
        Self.writeClose(code, to: &output)
        return .failed
    }

    /// Appends a close frame with this code.
    static func writeClose(_ code: UInt16, to output: inout ByteBuffer) {
        output.writeInteger(0x80 | close)
        output.writeInteger(2 as UInt8)
        output.writeInteger(code)
    }

    private static func write(length: UInt64, to output: inout ByteBuffer) {
        switch length {
        case ..<126:
            output.writeInteger(UInt8(truncatingIfNeeded: length))
        case ..<(1 << 16):
            output.writeInteger(126 as UInt8)
            output.writeInteger(UInt16(truncatingIfNeeded: length))
        default:
            output.writeInteger(127 as UInt8)
            output.writeInteger(length)
        }
    }

    /// Appends these bytes of a payload without their mask, eight at a time.
    private mutating func unmask(_ bytes: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        let count = bytes.count
        let key = key
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { target in
            guard let target = target.baseAddress else { return 0 }
            let pattern = (UInt64(key) | UInt64(key) &<< 32).littleEndian
            var at = 0
            while count &- at >= 8 {
                let word = source.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                target.storeBytes(of: word ^ pattern, toByteOffset: at, as: UInt64.self)
                at &+= 8
            }
            while at < count {
                let mask = UInt8(truncatingIfNeeded: key &>> UInt32(truncatingIfNeeded: (at & 3) &* 8))
                target.storeBytes(
                    of: source.load(fromByteOffset: at, as: UInt8.self) ^ mask,
                    toByteOffset: at,
                    as: UInt8.self
                )
                at &+= 1
            }
            return count
        }
        let turn = UInt32(truncatingIfNeeded: (count & 3) &* 8)
        if turn > 0 { self.key = key &>> turn | key &<< (32 &- turn) }
    }
}

import NIOCore
import Wire

/// Reads along with the bytes of one direction of a WebSocket: what its messages say, whoever sends them, masked or not.
///
/// It keeps no more of a message than the limit, and changes nothing. Whatever breaks RFC 6455 ends the reading, not the
/// connection: how to take that is the peers' business.
struct WebSocketTap: Sendable {
    /// What was said.
    enum Event: Hashable, Sendable {
        case message(BodyCopy, isText: Bool)
        case ping(ByteBuffer)
        case pong(ByteBuffer)
        /// The code is nil where the frame had none.
        case close(code: UInt16?, reason: String)
        /// From here on nothing can be read.
        case broken(String)
    }

    private let limit: Int
    /// The bytes of a frame's header that is not complete.
    private var header: [UInt8] = []
    private var frame: Frame?
    private var message: (copy: BodyCopy, isText: Bool)?
    private var control = ByteBuffer()
    private var isBroken = false

    private struct Frame {
        var opcode: WebSocketOpcode
        var isFinal: Bool
        var left: Int
        var mask: UInt32?
        /// How many bytes of the payload have gone by.
        var passed = 0
    }

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether a frame that is put in here would not stand within another.
    var isBetweenFrames: Bool { !isBroken && frame == nil && header.isEmpty }

    /// Takes bytes that go by; calls the closure for each message and control frame that they complete.
    mutating func read(_ bytes: ByteBuffer, _ event: (Event) -> Void) {
        var bytes = bytes
        while !isBroken {
            if frame == nil {
                guard readHeader(&bytes, event) else { return }
            }
            guard var current = frame else { return }
            if current.left > 0 {
                guard let part = bytes.readSlice(length: min(current.left, bytes.readableBytes)),
                    part.readableBytes > 0
                else { return }
                keep(part, of: current)
                current.left -= part.readableBytes
                current.passed &+= part.readableBytes
                frame = current
            }
            if current.left == 0 {
                frame = nil
                finish(current, event)
            }
        }
    }

    private mutating func readHeader(_ bytes: inout ByteBuffer, _ event: (Event) -> Void) -> Bool {
        while let byte = bytes.readInteger(as: UInt8.self) {
            header.append(byte)
            guard header.count >= 2, header.count == Self.length(of: header) else { continue }
            if let problem = begin() {
                isBroken = true
                event(.broken(problem))
                return false
            }
            return true
        }
        return false
    }

    /// The length of a header, from its first two bytes.
    private static func length(of header: [UInt8]) -> Int {
        let extra = header[1] & 0x7F == 126 ? 2 : header[1] & 0x7F == 127 ? 8 : 0
        return 2 + extra + (header[1] & 0x80 != 0 ? 4 : 0)
    }

    /// Begins the frame whose header is complete; says what is wrong with it.
    private mutating func begin() -> String? {
        defer { header.removeAll(keepingCapacity: true) }
        guard header[0] & 0x70 == 0 else { return "a frame has reserved bits set" }
        guard let opcode = WebSocketOpcode(rawValue: header[0] & 0x0F) else { return "a frame has a reserved opcode" }
        var length = UInt64(header[1] & 0x7F)
        let extra = length == 126 ? 2 : length == 127 ? 8 : 0
        if extra > 0 { length = header[2..<(2 + extra)].reduce(0) { $0 << 8 | UInt64($1) } }
        guard let left = Int(exactly: length) else { return "the length of a frame has its highest bit set" }
        let isMasked = header[1] & 0x80 != 0
        let mask = isMasked ? header.suffix(4).reduce(0) { $0 << 8 | UInt32($1) } : nil
        let isControl = opcode.rawValue & 0x8 != 0
        let isFinal = header[0] & 0x80 != 0
        if isControl, left > 125 || !isFinal { return "a control frame is fragmented or longer than 125 bytes" }
        switch (opcode, message) {
        case (.continuation, nil): return "a continuation frame continues no message"
        case (.text, .some), (.binary, .some): return "a message begins before the one before has ended"
        case (.text, nil), (.binary, nil): message = (BodyCopy(limit: limit), opcode == .text)
        default: break
        }
        if isControl { control = ByteBuffer() }
        frame = Frame(opcode: opcode, isFinal: isFinal, left: left, mask: mask)
        return nil
    }

    private mutating func keep(_ part: ByteBuffer, of frame: Frame) {
        switch frame.opcode {
        case .text, .binary, .continuation:
            let part = unmasked(part, frame)
            message?.copy.append(part)
        case .close, .ping, .pong:
            control.writeImmutableBuffer(unmasked(part, frame))
        }
    }

    private func unmasked(_ part: ByteBuffer, _ frame: Frame) -> ByteBuffer {
        guard let mask = frame.mask, mask != 0 else { return part }
        var part = part
        let turn = UInt32(truncatingIfNeeded: frame.passed & 3) &* 8
        let key = turn == 0 ? mask : mask &<< turn | mask &>> (32 &- turn)
        part.withUnsafeMutableReadableBytes { WebSocketMask.apply(key, to: $0) }
        return part
    }

    private mutating func finish(_ frame: Frame, _ event: (Event) -> Void) {
        switch frame.opcode {
        case .text, .binary, .continuation:
            guard frame.isFinal, let whole = message else { return }
            message = nil
            event(.message(whole.copy, isText: whole.isText))
        case .ping: event(.ping(control))
        case .pong: event(.pong(control))
        case .close:
            var payload = control
            let code = payload.readInteger(as: UInt16.self)
            event(.close(code: code, reason: code == nil ? "" : String(buffer: payload)))
        }
    }
}

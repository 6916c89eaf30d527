import NIOCore

/// Where the body of a message ends that goes by, and what it says.
///
/// The bytes go on as they came, with the sizes and extensions of chunks and the trailers behind them; a copy of the
/// content alone is kept, up to a limit. Source: RFC 9112, sections 6 and 7.
struct RelayedBody: Sendable {
    enum Framing: Hashable, Sendable {
        case length(Int)
        case chunked
        /// Up to the end of the connection.
        case untilClose
    }

    private enum State: Hashable, Sendable {
        case content(left: Int)
        case untilClose
        /// In the line with a chunk's size: the size so far, and whether its digits are over.
        case size(Int, digits: Int, isOver: Bool)
        case chunk(left: Int)
        /// In the line break behind a chunk.
        case gap(left: Int)
        /// In the trailers, with so many bytes of the line seen, CR not counted.
        case trailers(inLine: Int)
        case ended
    }

    private(set) var copy: BodyCopy
    /// Why the end of the body cannot be known, so that everything from there on goes by as it is.
    private(set) var problem: String?
    private var state: State

    init(_ framing: Framing, limit: Int) {
        copy = BodyCopy(limit: limit)
        switch framing {
        case .length(let length): state = length == 0 ? .ended : .content(left: length)
        case .chunked: state = .size(0, digits: 0, isOver: false)
        case .untilClose: state = .untilClose
        }
    }

    var isComplete: Bool { state == .ended }

    /// Whether the end of the connection is the end of the body.
    var endsWithConnection: Bool { state == .untilClose }

    /// Takes what belongs to the body from the buffer: those bytes go on.
    mutating func take(_ buffer: inout ByteBuffer) -> ByteBuffer {
        var passed = buffer
        while buffer.readableBytes > 0, state != .ended { step(&buffer) }
        passed.moveWriterIndex(to: buffer.readerIndex)
        return passed
    }

    private mutating func step(_ buffer: inout ByteBuffer) {
        switch state {
        case .content(let left):
            let rest = left - keep(left, of: &buffer)
            state = rest == 0 ? .ended : .content(left: rest)
        case .untilClose:
            _ = keep(buffer.readableBytes, of: &buffer)
        case .chunk(let left):
            let rest = left - keep(left, of: &buffer)
            state = rest == 0 ? .gap(left: 2) : .chunk(left: rest)
        default:
            if let byte = buffer.readInteger(as: UInt8.self) { stepLine(byte) }
        }
    }

    private mutating func stepLine(_ byte: UInt8) {
        switch state {
        case .size(let size, let digits, _) where byte == 0x0A:
            guard digits > 0 else { return giveUp("a chunk has no size") }
            state = size == 0 ? .trailers(inLine: 0) : .chunk(left: size)
        case .size(let size, let digits, isOver: false):
            if let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 {
                guard digits < 15 else { return giveUp("the size of a chunk is too large") }
                state = .size(size << 4 | digit, digits: digits + 1, isOver: false)
            } else {
                guard digits > 0 else { return giveUp("a chunk has no size") }
                state = .size(size, digits: digits, isOver: true)
            }
        case .size:
            break
        case .gap(let left):
            // A line break of LF alone is one byte.
            if byte == 0x0A {
                state = .size(0, digits: 0, isOver: false)
            } else {
                guard byte == 0x0D, left == 2 else { return giveUp("a chunk is longer than its size") }
                state = .gap(left: 1)
            }
        case .trailers(let count):
            if byte == 0x0A {
                state = count == 0 ? .ended : .trailers(inLine: 0)
            } else if byte != 0x0D {
                state = .trailers(inLine: min(count + 1, 2))
            }
        case .content, .untilClose, .chunk, .ended:
            break
        }
    }

    private mutating func giveUp(_ sentence: String) {
        problem = sentence
        state = .untilClose
    }

    private mutating func keep(_ count: Int, of buffer: inout ByteBuffer) -> Int {
        guard let slice = buffer.readSlice(length: min(count, buffer.readableBytes)) else { return 0 }
        copy.append(slice)
        return slice.readableBytes
    }
}

extension RelayedBody {
    /// The framing of a request's body; nil where it cannot be told.
    static func framing(ofRequest head: RelayedHead) -> Framing? {
        if head.value("transfer-encoding") != nil {
            return head.hasToken("chunked", in: "transfer-encoding") ? .chunked : nil
        }
        return length(head).map { .length($0 ?? 0) }
    }

    /// The framing of an answer's body.
    ///
    /// - Parameter method: The request's.
    static func framing(ofAnswer head: RelayedHead, status: Int, to method: String) -> Framing {
        if method == "HEAD" || status == 204 || status == 304 || status < 200 { return .length(0) }
        if head.value("transfer-encoding") != nil {
            return head.hasToken("chunked", in: "transfer-encoding") ? .chunked : .untilClose
        }
        guard let length = length(head), let length else { return .untilClose }
        return .length(length)
    }

    /// The length that a head says; nil within where it says none, nil where it says what is none.
    private static func length(_ head: RelayedHead) -> Int?? {
        let values = Set(
            head.values("content-length").flatMap { $0.split(separator: ",").map { String($0.withoutBlanks) } }
        )
        guard let value = values.first else { return .some(nil) }
        guard values.count == 1, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(value) else {
            return nil
        }
        return length
    }
}

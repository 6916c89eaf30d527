import NIOCore

/// The first 512 bytes of a body, whatever way its end is marked. Source: RFC 9112, sections 6 and 7.
struct HTTPBodyStart: Sendable {
    private enum Framing: Sendable {
        case length(left: Int)
        case untilClose
        case chunked(Chunk)
    }

    private enum Chunk: Sendable {
        /// In the line with the size: the size so far, and whether the digits are over.
        case size(Int, digits: Int, isOver: Bool)
        case data(left: Int)
        /// In the line break after the data.
        case gap(left: Int)
    }

    private var framing: Framing
    private var bytes: [UInt8] = []

    private static var limit: Int { 512 }

    init(_ head: HTTPHead) {
        if head.status == 204 || head.status == 304 {
            framing = .length(left: 0)
        } else if head.hasToken("chunked", in: "Transfer-Encoding") {
            framing = .chunked(.size(0, digits: 0, isOver: false))
        } else if let text = head.values("Content-Length").first, let length = Int(text), length >= 0 {
            framing = .length(left: length)
        } else {
            framing = .untilClose
        }
    }

    /// Takes what belongs to the body from the buffer; true where no more is wanted.
    mutating func receive(_ buffer: inout ByteBuffer) -> Bool {
        while true {
            if bytes.count >= Self.limit { return true }
            switch framing {
            case .length(let left):
                framing = .length(left: left - take(left, from: &buffer))
                if case .length(left: 0) = framing { return true }
                if bytes.count < Self.limit { return false }
            case .untilClose:
                _ = take(buffer.readableBytes, from: &buffer)
                if bytes.count < Self.limit { return false }
            case .chunked(let chunk):
                guard let progress = receive(chunk, &buffer) else { return true }
                if !progress { return false }
            }
        }
    }

    /// What came, without the character that the limit cut in two.
    var text: String {
        var end = bytes.count
        if end == Self.limit {
            var lead = end - 1
            while lead > 0, end - lead < 4, bytes[lead] & 0xC0 == 0x80 { lead -= 1 }
            let width = bytes[lead] < 0xC0 ? 1 : bytes[lead] < 0xE0 ? 2 : bytes[lead] < 0xF0 ? 3 : 4
            if bytes[lead] >= 0xC0, lead + width > end { end = lead }
        }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}

extension HTTPBodyStart {
    /// Keeps up to so many bytes, as far as the limit allows; returns how many it took.
    private mutating func take(_ count: Int, from buffer: inout ByteBuffer) -> Int {
        let count = min(count, buffer.readableBytes, Self.limit - bytes.count)
        bytes.append(contentsOf: buffer.readBytes(length: count) ?? [])
        return count
    }

    /// True: there was progress; false: more has to come; nil: the body ends here (or is malformed).
    private mutating func receive(_ chunk: Chunk, _ buffer: inout ByteBuffer) -> Bool? {
        switch chunk {
        case .size(let size, let digits, let isOver):
            guard let byte = buffer.readInteger(as: UInt8.self) else { return false }
            if byte == 0x0A {
                if digits == 0 || size == 0 { return nil }
                framing = .chunked(.data(left: size))
            } else if !isOver, let digit = JSONUnescaper.hexadecimal(byte) {
                guard digits < 15 else { return nil }
                framing = .chunked(.size(size << 4 | Int(digit), digits: digits + 1, isOver: false))
            } else {
                guard digits > 0 else { return nil }
                framing = .chunked(.size(size, digits: digits, isOver: true))
            }
        case .data(let left):
            guard buffer.readableBytes > 0 else { return false }
            let rest = left - take(left, from: &buffer)
            framing = .chunked(rest > 0 ? .data(left: rest) : .gap(left: 2))
        case .gap(let left):
            guard buffer.readInteger(as: UInt8.self) != nil else { return false }
            framing = .chunked(left > 1 ? .gap(left: left - 1) : .size(0, digits: 0, isOver: false))
        }
        return true
    }
}

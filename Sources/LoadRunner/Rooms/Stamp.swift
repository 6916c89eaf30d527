import NIOCore

/// What `${stamp(ROOM)}` writes into a message: which message of which room it is, who sent it and when.
///
/// Letters and digits only, of a fixed length, so that it comes through any text, JSON or URL as it is:
/// `rpz`, the run's tag, the room, the sender, the number in the room and the time, all hexadecimal.
struct Stamp: Hashable {
    /// The room's place in the directory.
    var room: Int
    /// The slot of the client that sent it.
    var sender: Int
    /// The message's place among those to its room.
    var number: Int
    /// Since the start of the run, in microseconds.
    var microseconds: Int

    private static let marker: StaticString = "rpz"
    private static let widths = (tag: 8, room: 6, sender: 6, number: 10, time: 12)

    /// How long the text of a stamp is, in bytes.
    static let length = 3 + 8 + 6 + 6 + 10 + 12

    /// Appends the text.
    ///
    /// - Parameter tag: What tells the stamps of this run from those of another.
    func append(tag: UInt32, to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.length) { target in
            let marker = UnsafeRawBufferPointer(start: Self.marker.utf8Start, count: 3)
            for place in 0..<3 { target[place] = marker[place] }
            var offset = 3
            func write(_ value: Int, _ width: Int) {
                for digit in 0..<width {
                    let nibble = UInt8(truncatingIfNeeded: value >> (4 * (width - 1 - digit))) & 0xF
                    target[offset + digit] = nibble < 10 ? 0x30 + nibble : 0x61 + nibble - 10
                }
                offset += width
            }
            write(Int(tag), Self.widths.tag)
            write(room, Self.widths.room)
            write(sender, Self.widths.sender)
            write(number, Self.widths.number)
            write(microseconds, Self.widths.time)
            return Self.length
        }
    }

    /// The first stamp of this run in a text; nil where it has none.
    static func find(in text: UnsafeRawBufferPointer, tag: UInt32) -> Stamp? {
        guard text.count >= length else { return nil }
        for start in 0...(text.count - length) {
            guard text[start] == 0x72, text[start + 1] == 0x70, text[start + 2] == 0x7A else { continue }
            if let stamp = Stamp(text, at: start + 3, tag: tag) { return stamp }
        }
        return nil
    }

    private init?(_ text: UnsafeRawBufferPointer, at start: Int, tag: UInt32) {
        var offset = start
        func read(_ width: Int) -> Int? {
            var value = 0
            for place in offset..<(offset + width) {
                switch text[place] {
                case let byte where byte >= 0x30 && byte <= 0x39: value = value << 4 | Int(byte - 0x30)
                case let byte where byte >= 0x61 && byte <= 0x66: value = value << 4 | Int(byte - 0x61 + 10)
                default: return nil
                }
            }
            offset += width
            return value
        }
        guard read(Self.widths.tag) == Int(tag), let room = read(Self.widths.room),
            let sender = read(Self.widths.sender), let number = read(Self.widths.number),
            let microseconds = read(Self.widths.time)
        else { return nil }
        self.init(room: room, sender: sender, number: number, microseconds: microseconds)
    }

    init(room: Int, sender: Int, number: Int, microseconds: Int) {
        self.room = room
        self.sender = sender
        self.number = number
        self.microseconds = microseconds
    }

    /// The part of a slot's number that a stamp carries.
    static func senderNumber(ofSlot slot: Int) -> Int { slot & 0xFF_FFFF }
}

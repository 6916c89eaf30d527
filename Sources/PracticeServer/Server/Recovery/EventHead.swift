import NIOCore

/// What stands before the list of an event in a whole Engine.IO message.
struct EventHead: Equatable {
    /// Where the namespace stands, counted from the first byte; nil for the main one.
    var namespace: Range<Int>?
    /// Whether an acknowledgement is asked for.
    var hasID: Bool

    /// Reads `42[`, `42/admin,17[`, `451-/admin,[`; nil where the message is no event.
    init?(_ message: UnsafeRawBufferPointer) {
        guard message.count > 2, message[0] == UInt8(ascii: "4") else { return nil }
        var place = 2
        switch message[1] {
        case UInt8(ascii: "2"): break
        case UInt8(ascii: "5"):
            guard let mark = message[place...].firstIndex(of: UInt8(ascii: "-")) else { return nil }
            place = mark + 1
        default: return nil
        }
        if place < message.count, message[place] == UInt8(ascii: "/") {
            guard let comma = message[place...].firstIndex(of: UInt8(ascii: ",")) else { return nil }
            namespace = place..<comma
            place = comma + 1
        }
        guard place < message.count else { return nil }
        hasID = message[place] != UInt8(ascii: "[")
    }
}

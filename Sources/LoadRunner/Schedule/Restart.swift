import NIOCore

/// A slot that gets its next client at a time.
struct Restart: Comparable {
    var time: NIODeadline
    var slot: Int

    static func < (a: Restart, b: Restart) -> Bool {
        (a.time, a.slot) < (b.time, b.slot)
    }
}

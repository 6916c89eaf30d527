import NIOCore

/// What waits for one socket to take it, and since when.
///
/// Bytes are taken in the order in which they were written, so that the number of those that still wait tells which
/// write the oldest of them belongs to.
struct Backlog {
    /// When the first byte had to wait.
    let since: NIODeadline
    /// Bytes that waited at the beginning, and all that were written since.
    private(set) var written: Int
    /// Up to which byte it was written when; those of one millisecond together.
    private var writes: CircularBuffer<(end: Int, at: NIODeadline)>

    /// - Parameter bytes: How many wait now.
    init(_ bytes: Int, at now: NIODeadline) {
        since = now
        written = bytes
        writes = [(bytes, now)]
    }

    /// Notes that more was written.
    mutating func write(_ bytes: Int, at now: NIODeadline) {
        written &+= bytes
        if let last = writes.last, now - last.at < .milliseconds(1) {
            writes[writes.index(before: writes.endIndex)].end = written
        } else {
            writes.append((written, now))
        }
    }

    /// When the oldest byte was written that still waits; nil where none does.
    ///
    /// - Parameter waiting: How many bytes still wait.
    mutating func oldest(waiting: Int) -> NIODeadline? {
        let taken = written - waiting
        while let first = writes.first, first.end <= taken { writes.removeFirst() }
        return writes.first?.at
    }
}

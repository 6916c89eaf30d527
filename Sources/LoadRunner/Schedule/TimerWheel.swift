import NIOCore

/// Deadlines of many clients on one tick.
///
/// A hashed wheel: a node lies in the slot of a tick, in a doubly linked list, so that nothing is allocated. It is
/// lazy: most deadlines guard something that comes in time, so a node that already lies at an earlier tick stays there
/// when its deadline moves on or is cancelled, and is looked at again once that tick comes. The usual case, a new
/// deadline for each message, is one store that touches no neighbour.
///
/// The nodes are numbered by the owner; one node holds one deadline. SwiftNIO's own timers cost an allocation each and
/// a linear search when cancelled.
struct TimerWheel {
    /// The number of a deadline's owner, from 0.
    typealias Node = Int

    /// The grid on which deadlines fire, and to which they are rounded up.
    static let tick = TimeAmount.milliseconds(1)

    private static let slotCount = 4096
    private static let none: Int32 = -1
    private static let idle: Int64 = -1
    private static let firing: Int64 = -2

    private struct Entry {
        /// The tick of the deadline, or `idle`, or `firing`.
        var tick = TimerWheel.idle
        /// The tick whose list the node lies in, never later than its deadline; or `idle`.
        var listed = TimerWheel.idle
        var next = TimerWheel.none
        var previous = TimerWheel.none
    }

    private let origin: NIODeadline
    /// The last tick that fired.
    private var current: Int64 = 0
    private var heads: [Int32]
    private var entries: [Entry] = []
    private var due: [Int32] = []

    /// An empty wheel whose ticks count from this instant.
    init(origin: NIODeadline) {
        self.origin = origin
        heads = Array(repeating: Self.none, count: Self.slotCount)
    }

    /// The first instant on the grid that is not before this one.
    func rounded(_ instant: NIODeadline) -> NIODeadline {
        origin + .nanoseconds(tickNumber(instant) * Self.tick.nanoseconds)
    }

    /// Makes room for nodes below this number.
    mutating func reserve(nodes count: Int) {
        guard count > entries.count else { return }
        entries.append(contentsOf: repeatElement(Entry(), count: count - entries.count))
    }

    /// Sets the node's deadline, in place of the one it had.
    mutating func set(_ node: Node, at instant: NIODeadline) {
        let tick = max(tickNumber(instant), current + 1)
        entries[node].tick = tick
        let listed = entries[node].listed
        if listed != Self.idle {
            guard listed > tick else { return }
            unlink(node)
        }
        link(node, at: tick)
    }

    /// Takes the node's deadline away, if it has one.
    mutating func cancel(_ node: Node) {
        entries[node].tick = Self.idle
    }

    /// The node's deadline, on the grid; nil where it has none.
    func deadline(of node: Node) -> NIODeadline? {
        let tick = entries[node].tick
        return tick >= 0 ? origin + .nanoseconds(tick * Self.tick.nanoseconds) : nil
    }

    /// Collects the nodes that are due up to this instant; each is then asked for with `takeDue`.
    ///
    /// - Returns: How many there are.
    mutating func collectDue(upTo instant: NIODeadline) -> Int {
        due.removeAll(keepingCapacity: true)
        let last = (instant - origin).nanoseconds / Self.tick.nanoseconds
        guard last > current else { return 0 }
        // After a long stall one turn of the wheel visits every slot.
        let first = max(current + 1, last - Int64(Self.slotCount) + 1)
        for tick in first...last {
            var node = heads[Int(tick) & (Self.slotCount - 1)]
            while node != Self.none {
                let following = entries[Int(node)].next
                if entries[Int(node)].listed <= last { reach(Int(node), last: last) }
                node = following
            }
        }
        current = last
        return due.count
    }

    /// The node at this place among the due ones, or nil where it was cancelled or set anew meanwhile.
    mutating func takeDue(_ place: Int) -> Node? {
        let node = Int(due[place])
        guard entries[node].tick == Self.firing else { return nil }
        entries[node].tick = Self.idle
        return node
    }

    /// The tick at which the node lies is over: it fires, moves on to its deadline, or is dropped.
    private mutating func reach(_ node: Int, last: Int64) {
        unlink(node)
        let tick = entries[node].tick
        if tick > last {
            link(node, at: tick)
        } else if tick >= 0 {
            entries[node].tick = Self.firing
            due.append(Int32(node))
        }
    }

    private func tickNumber(_ instant: NIODeadline) -> Int64 {
        let distance = (instant - origin).nanoseconds
        return (distance + Self.tick.nanoseconds - 1) / Self.tick.nanoseconds
    }

    private mutating func link(_ node: Int, at tick: Int64) {
        let slot = Int(tick) & (Self.slotCount - 1)
        let head = heads[slot]
        entries[node].listed = tick
        entries[node].next = head
        entries[node].previous = Self.none
        if head != Self.none { entries[Int(head)].previous = Int32(node) }
        heads[slot] = Int32(node)
    }

    private mutating func unlink(_ node: Int) {
        let entry = entries[node]
        if entry.previous == Self.none {
            heads[Int(entry.listed) & (Self.slotCount - 1)] = entry.next
        } else {
            entries[Int(entry.previous)].next = entry.next
        }
        if entry.next != Self.none { entries[Int(entry.next)].previous = entry.previous }
        entries[node].listed = Self.idle
    }
}

import NIOCore

/// Deadlines of many clients on one tick.
///
/// A hashed wheel: a deadline lies in the slot of its tick, rounded up, and in a doubly linked list there, so that
/// setting and cancelling are a few stores and nothing is allocated. The nodes are numbered by the owner; one node
/// holds one deadline. SwiftNIO's own timers cost an allocation each and a linear search when cancelled.
struct TimerWheel {
    /// The number of a deadline's owner, from 0.
    typealias Node = Int

    /// The grid on which deadlines fire, and to which they are rounded up.
    static let tick = TimeAmount.milliseconds(1)

    private static let slotCount = 4096
    private static let none: Int32 = -1
    private static let idle: Int64 = -1
    private static let firing: Int64 = -2

    private let origin: NIODeadline
    /// The last tick that fired.
    private var current: Int64 = 0
    private var heads: [Int32]
    private var next: [Int32] = []
    private var previous: [Int32] = []
    /// The tick of each node's deadline, or `idle`, or `firing`.
    private var ticks: [Int64] = []
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
        guard count > ticks.count else { return }
        let added = count - ticks.count
        next.append(contentsOf: repeatElement(Self.none, count: added))
        previous.append(contentsOf: repeatElement(Self.none, count: added))
        ticks.append(contentsOf: repeatElement(Self.idle, count: added))
    }

    /// Sets the node's deadline, in place of the one it had.
    mutating func set(_ node: Node, at instant: NIODeadline) {
        cancel(node)
        let tick = max(tickNumber(instant), current + 1)
        ticks[node] = tick
        let slot = Int(tick) & (Self.slotCount - 1)
        let head = heads[slot]
        next[node] = head
        previous[node] = Self.none
        if head != Self.none { previous[Int(head)] = Int32(node) }
        heads[slot] = Int32(node)
    }

    /// Takes the node's deadline away, if it has one.
    mutating func cancel(_ node: Node) {
        let tick = ticks[node]
        guard tick != Self.idle else { return }
        if tick != Self.firing { unlink(node, tick: tick) }
        ticks[node] = Self.idle
    }

    /// Whether the node has a deadline.
    func isSet(_ node: Node) -> Bool {
        ticks[node] >= 0
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
                let following = next[Int(node)]
                if ticks[Int(node)] <= last {
                    unlink(Int(node), tick: ticks[Int(node)])
                    ticks[Int(node)] = Self.firing
                    due.append(node)
                }
                node = following
            }
        }
        current = last
        return due.count
    }

    /// The node at this place among the due ones, or nil where it was cancelled or set anew meanwhile.
    mutating func takeDue(_ place: Int) -> Node? {
        let node = Int(due[place])
        guard ticks[node] == Self.firing else { return nil }
        ticks[node] = Self.idle
        return node
    }

    private func tickNumber(_ instant: NIODeadline) -> Int64 {
        let distance = (instant - origin).nanoseconds
        return (distance + Self.tick.nanoseconds - 1) / Self.tick.nanoseconds
    }

    private mutating func unlink(_ node: Node, tick: Int64) {
        let after = next[node]
        let before = previous[node]
        if before == Self.none {
            heads[Int(tick) & (Self.slotCount - 1)] = after
        } else {
            next[Int(before)] = after
        }
        if after != Self.none { previous[Int(after)] = before }
    }
}

import NIOCore

/// What is to be done later, the earliest first.
///
/// One heap stands for all timers of a loop, so that the loop needs a single timer of SwiftNIO's. Nothing is ever
/// cancelled: who pushes an element gives it a token by which it recognises one that is out of date.
struct DeadlineHeap<Element> {
    private struct Node {
        var due: NIODeadline
        /// Keeps elements with the same deadline in the order in which they were pushed.
        var order: UInt64
        var element: Element

        func precedes(_ other: Node) -> Bool {
            due == other.due ? order < other.order : due < other.due
        }
    }

    private var nodes: [Node] = []
    private var pushed: UInt64 = 0

    /// When the earliest element is due.
    var next: NIODeadline? { nodes.first?.due }

    var count: Int { nodes.count }

    mutating func push(_ element: Element, at due: NIODeadline) {
        pushed &+= 1
        nodes.append(Node(due: due, order: pushed, element: element))
        var child = nodes.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard nodes[child].precedes(nodes[parent]) else { return }
            nodes.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the earliest element out if it is due at this time, with the time for which it was pushed.
    mutating func popDue(at now: NIODeadline) -> (element: Element, due: NIODeadline)? {
        guard let first = nodes.first, first.due <= now else { return nil }
        let last = nodes.removeLast()
        if !nodes.isEmpty {
            nodes[0] = last
            sink()
        }
        return (first.element, first.due)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < nodes.count else { return }
            let right = left + 1
            let child = right < nodes.count && nodes[right].precedes(nodes[left]) ? right : left
            guard nodes[child].precedes(nodes[parent]) else { return }
            nodes.swapAt(child, parent)
            parent = child
        }
    }
}

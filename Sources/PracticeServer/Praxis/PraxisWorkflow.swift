import NIOCore
import Wire

/// A workflow that a client had executed: its nodes one after the other, in the order of its edges.
struct PraxisWorkflow {
    struct Node: Hashable {
        let id: String
        /// A node of the type `tool` uses one, whose name may stand in `tool`.
        let tool: String?
        /// A node of the type `fail` fails.
        let fails: Bool
    }

    /// One message, or several that belong together.
    enum Step: Hashable {
        case start
        /// A node runs.
        case begin(Int)
        case progress(Int)
        /// A node is done.
        case end(Int)
        case complete
        /// A node failed; nil where no node is to blame.
        case fail(Int?)

        /// How long after the step before it comes.
        func delay(_ pace: PraxisPace) -> TimeAmount {
            switch self {
            case .begin(0): pace.think
            case .progress, .fail(.some): pace.interval
            case .start, .begin, .end, .complete, .fail(nil): .zero
            }
        }
    }

    let id: String
    let executionID: String
    /// The id of the message that asked for it.
    let correlation: String?
    /// As the client wrote them.
    let nodesText: ByteBuffer
    let edgesText: ByteBuffer
    let nodes: [Node]
    let fault: String?
    let startedAt: NIODeadline
    private(set) var steps: [Step]
    var next = 0

    /// The most nodes that a workflow may have.
    static let nodeLimit = 100
    static let edgeLimit = 1000

    init(_ graph: PraxisGraph, id: String, executionID: String, correlation: String?, at now: NIODeadline) {
        self.id = id
        self.executionID = executionID
        self.correlation = correlation
        nodesText = graph.nodesText
        edgesText = graph.edgesText
        nodes = graph.nodes
        startedAt = now
        fault = graph.fault
        steps = [.start]
        guard graph.fault == nil else {
            steps.append(.fail(nil))
            return
        }
        for (place, node) in graph.nodes.enumerated() {
            steps.append(.begin(place))
            guard !node.fails else {
                steps.append(.fail(place))
                return
            }
            steps += [.progress(place), .end(place)]
        }
        steps.append(.complete)
    }

    /// Lets a workflow complete before its last progress, where it comes so far.
    mutating func misorder() {
        guard steps.last == .complete, !nodes.isEmpty,
            let place = steps.lastIndex(of: .progress(nodes.count - 1))
        else { return }
        steps.removeLast()
        steps.insert(.complete, at: place)
    }
}

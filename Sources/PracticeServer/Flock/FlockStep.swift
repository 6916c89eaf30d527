import NIOCore

/// One broadcast of a run.
enum FlockStep: Hashable, Sendable {
    /// The artifact of the client.
    case published
    case graph
    case started
    /// A part of the agent's output, from 0.
    case chunk(Int)
    /// What today's servers say behind the output, from 0.
    case closing(Int)
    /// The artifact of the agent.
    case produced
    case completed
    case failed

    var isOutput: Bool {
        switch self {
        case .chunk, .closing: true
        case .published, .graph, .started, .produced, .completed, .failed: false
        }
    }

    /// How long after the step before it comes.
    func delay(_ pace: FlockPace) -> TimeAmount {
        switch self {
        case .started, .chunk(0): pace.think
        case .chunk: pace.interval
        case .published, .graph, .closing, .produced, .completed, .failed: .zero
        }
    }
}

/// How fast agents work.
struct FlockPace: Sendable {
    /// From a publication to the start of a run, and from there to its first output.
    var think = TimeAmount.milliseconds(5)
    /// From chunk to chunk.
    var interval = TimeAmount.milliseconds(10)

    init(_ faults: FaultPlan) {
        if let interval = faults.chunkInterval { self.interval = interval }
    }
}

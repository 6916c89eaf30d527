import Metrics
import NIOCore

/// Follows one task of action plans to its one outcome.
///
/// A value without a clock and without messages: what a plan holds reaches it as hashes and, for the report, labels.
struct PlanTracker {
    /// The bounds of a task.
    struct Limits: Hashable {
        /// Round trips the client makes before it stops by itself.
        var client: Int?
        /// Plans the server promises not to exceed.
        var server: Int?
        /// Full repeats of one sequence that make a runaway.
        var cycle: Int?
        var within: TimeAmount
    }

    /// Labels of this many plans at the end are kept for the report.
    static let labelLimit = CycleDetector.maximumPeriod

    private static let firstStepLimit = 8
    private static let lastStepLimit = 4

    /// So many different values can be progress.
    static let progressLimit = 1024

    private let limits: Limits
    private(set) var plans = 0
    private var cycles = CycleDetector()
    private var labels: [String] = []
    /// The first plans and the last ones, for who looks at a task that ran away.
    private var firstSteps: [LoopStep] = []
    private var lastSteps: [LoopStep] = []
    private var progress: Set<UInt64> = []
    private let begin: NIODeadline
    private var lastMessage: NIODeadline

    /// - Parameter begin: The cause of the task.
    init(limits: Limits, begin: NIODeadline) {
        self.limits = limits
        self.begin = begin
        lastMessage = begin
    }

    /// A plan arrived.
    ///
    /// - Parameters:
    ///   - signature: The hash of the fields that make its actions the same as another's.
    ///   - progress: The hash of the value that breaks a cycle when the task has not had it before; nil where there
    ///     is none.
    ///   - label: How the plan reads in a report, `click_element#19`.
    /// - Returns: The outcome where the task ends with this plan; nil: the client replies.
    mutating func plan(
        signature: UInt64,
        progress: UInt64?,
        label: @autoclosure () -> String,
        at time: NIODeadline
    ) -> PlanOutcome? {
        lastMessage = time
        plans += 1
        if let progress, self.progress.count < Self.progressLimit, self.progress.insert(progress).inserted {
            cycles.reset()
            labels.removeAll(keepingCapacity: true)
        }
        cycles.append(signature)
        let label = label()
        note(label, at: time)
        labels.append(label)
        if labels.count > Self.labelLimit { labels.removeFirst() }
        if let server = limits.server, plans > server { return .runaway }
        if let repeats = limits.cycle, let cycle = cycles.longest, cycle.repeats >= repeats { return .runaway }
        if let client = limits.client, plans > client { return .clientLimited }
        return nil
    }

    /// The first plans of the task and the last.
    var steps: [LoopStep] { firstSteps + lastSteps }

    private mutating func note(_ label: String, at time: NIODeadline) {
        let seconds = Double((time - begin).nanoseconds) / 1e9
        let step = LoopStep(number: plans, seconds: seconds, label: label)
        if firstSteps.count < Self.firstStepLimit {
            firstSteps.append(step)
        } else {
            lastSteps.append(step)
            if lastSteps.count > Self.lastStepLimit { lastSteps.removeFirst() }
        }
    }

    /// The server turned the task down: it kept its promise, or refused too early.
    func refusal() -> PlanOutcome {
        if let server = limits.server, plans >= server { return .refused }
        return .failed
    }

    /// `within` ran out: plans came until then, or nothing did in its second half.
    func timeOut(at time: NIODeadline) -> PlanOutcome {
        time - lastMessage >= .nanoseconds(limits.within.nanoseconds / 2) ? .stalled : .timedOut
    }

    /// The sequence that repeats at the end, as a report writes it, and how often it came; nil without a repeat.
    var cycle: (text: String, repeats: Int)? {
        guard let cycle = cycles.longest, labels.count >= cycle.period else { return nil }
        return (labels.suffix(cycle.period).joined(separator: " → "), cycle.repeats)
    }

    /// How long the task took.
    func duration(at time: NIODeadline) -> TimeAmount {
        time - begin
    }
}

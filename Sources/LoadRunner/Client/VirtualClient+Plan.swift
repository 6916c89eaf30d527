import Metrics
import NIOCore
import Scenarios
import Wire

/// A task of action plans that a client is in.
final class PlanRun {
    let operation: PlanOperation
    /// Where the plan's step stands.
    let address: Instruction.Address
    var tracker: PlanTracker
    /// The cause of the task; durations run from it.
    let cause: VirtualClient.Cause
    /// The reply's steps are running.
    var isReplying = false
    /// The reply's last send, which the round trip runs from; nil before the first reply.
    var replied: VirtualClient.Cause?
    /// The hash of the key that tells this task from others; nil until its first plan.
    var key: UInt64?

    init(_ operation: PlanOperation, at address: Instruction.Address, cause: VirtualClient.Cause) {
        self.operation = operation
        self.address = address
        self.cause = cause
        tracker = PlanTracker(limits: operation.limits, begin: cause.scheduled)
    }
}

extension VirtualClient {
    /// Begins the task, or goes back to waiting after a reply; looks first at what came meanwhile.
    func enterPlan(_ operation: PlanOperation, at now: NIODeadline) -> Bool {
        let run: PlanRun
        if let task {
            run = task
            if let cause, cause.actual > run.cause.actual { run.replied = cause }
        } else {
            let begin = operation.since.map { marks[$0] } ?? cause ?? Cause(scheduled: readyAt, actual: now)
            run = PlanRun(operation, at: address, cause: begin)
            task = run
            set(.task, at: run.cause.actual + operation.limits.within)
        }
        waiting = .plan(run)
        takeAllKept(for: run) { takeForPlan(run, $0.event, $1, $0.question, at: $0.time, now: now) }
        return false
    }

    /// Whether the message belongs to the task.
    func concerns(_ run: PlanRun, _ event: EventID, _ view: EventView) -> Bool {
        let step = run.operation.step
        let isMeant =
            matches(step.event, event, view) || matches(step.done, event, view)
            || (step.refuse.map { matches($0, event, view) } ?? false)
        guard isMeant, let path = step.key, let own = run.key, path.slice(in: view) != nil else { return isMeant }
        return view.hash(at: path, salt: 0) == own
    }

    /// Offers a message to the task.
    ///
    /// - Returns: Whether it belongs to the task.
    func takeForPlan(
        _ run: PlanRun,
        _ event: EventID,
        _ view: EventView,
        _ question: Question?,
        at time: NIODeadline,
        now: NIODeadline
    ) -> Bool {
        guard concerns(run, event, view) else { return false }
        let step = run.operation.step
        recordRoundTrip(run, at: time)
        take(view, question, capture: [])
        if matches(step.done, event, view) {
            conclude(run, as: .completed, at: time, now: now)
        } else if matches(step.event, event, view) {
            if run.key == nil, let path = step.key { run.key = view.hash(at: path, salt: 0) }
            let actions = describe(run.operation, view)
            let outcome = run.tracker.plan(
                signature: actions.signature,
                progress: step.progress.flatMap { $0.slice(in: view) }.map { view.hash(of: $0, from: 0) },
                label: actions.label,
                at: time
            )
            if let outcome {
                conclude(run, as: outcome, at: time, now: now)
            } else {
                reply(run, at: now)
            }
        } else {
            let outcome = run.tracker.refusal()
            if outcome == .failed {
                let plans = run.tracker.plans
                fail("expect", "task \(step.name) was refused after \(plans) plans: \(view.excerpt)", at: now)
            } else {
                conclude(run, as: outcome, at: time, now: now)
            }
        }
        return true
    }

    /// The time for the whole task is over.
    func taskTimedOut(at now: NIODeadline) {
        guard let run = task else { return }
        let outcome = run.tracker.timeOut(at: now)
        let name = run.operation.step.name
        fail("timeout", "task \(name) did not end; it had \(run.tracker.plans) plans", outcome: outcome, at: now)
    }

    /// The task has its outcome: counts it, and says so in loops.csv where it did not complete.
    func end(task run: PlanRun, outcome: PlanOutcome, at time: NIODeadline) {
        task = nil
        cancel(.task)
        let operation = run.operation
        values.variables[operation.step.outcome] = .string(outcome.name)
        recorder.record(
            operation.metrics.duration,
            group: group,
            scheduled: max(0, (time - run.cause.scheduled).nanoseconds),
            service: max(0, (time - run.cause.actual).nanoseconds)
        )
        recorder.record(operation.metrics.plans, group: group, value: run.tracker.plans)
        recorder.add(outcome, of: operation.metrics, group: group)
        switch outcome {
        case .timedOut, .stalled, .failed: recorder.failed(operation.metrics.operation, group: group)
        default: recorder.succeeded(operation.metrics.operation, group: group)
        }
        guard outcome != .completed else { return }
        worker.report(run, outcome: outcome, of: self, at: time)
        if outcome == .runaway || outcome == .stalled { keepFailure(outcome, of: run, at: time) }
    }

    private func conclude(_ run: PlanRun, as outcome: PlanOutcome, at time: NIODeadline, now: NIODeadline) {
        end(task: run, outcome: outcome, at: time)
        complete(closesWindow: true, at: now)
    }

    private func reply(_ run: PlanRun, at now: NIODeadline) {
        run.isReplying = true
        waiting = .nothing
        readyAt = now
        address = run.operation.reply
        proceed(at: now)
    }

    private func recordRoundTrip(_ run: PlanRun, at time: NIODeadline) {
        guard let replied = run.replied else { return }
        run.replied = nil
        recorder.record(
            run.operation.metrics.roundTrip,
            group: group,
            scheduled: max(0, (time - replied.scheduled).nanoseconds),
            service: max(0, (time - replied.actual).nanoseconds)
        )
    }

    /// What makes a plan the same as another, and how it reads: `type#12 + click_element#19`.
    private func describe(_ operation: PlanOperation, _ view: EventView) -> (signature: UInt64, label: String) {
        var signature: UInt64 = 0xcbf2_9ce4_8422_2325
        var labels: [String] = []
        if let list = operation.step.actions.slice(in: view), list.kind == .array {
            var element = JSONScanner.firstElement(ofArrayAt: list.range, in: view.bytes)
            while let action = element {
                var words: [String] = []
                if operation.same.isEmpty {
                    signature = view.hash(of: action, from: signature)
                    words.append(view.text(of: action))
                }
                for path in operation.same {
                    signature = (signature ^ 0x1f) &* 0x100_0000_01b3
                    guard let value = JSONScanner.locate(path, in: view.bytes, at: action.range) else { continue }
                    signature = view.hash(of: value, from: signature)
                    words.append(view.text(of: value))
                }
                if labels.count < 8 { labels.append(words.joined(separator: "#")) }
                signature = (signature ^ 0x1e) &* 0x100_0000_01b3
                element = JSONScanner.nextElement(after: action, in: view.bytes)
            }
        }
        return (signature, labels.isEmpty ? "(no actions)" : labels.joined(separator: " + "))
    }
}

extension EventView {
    /// The value as a word of a report: at most 40 characters, a string without its quotes.
    fileprivate func text(of slice: JSONSlice) -> String {
        let text =
            slice.kind == .string
            ? JSONScanner.string(of: slice, in: bytes) ?? ""
            : String(decoding: bytes[slice.range], as: UTF8.self)
        return String(text.prefix(40))
    }

    /// The message for an example of an error, which is cut to a readable length when its secrets are out.
    var excerpt: String {
        String(decoding: bytes.prefix(64 * 1024), as: UTF8.self)
    }
}

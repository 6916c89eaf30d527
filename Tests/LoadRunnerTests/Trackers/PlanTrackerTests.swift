import Metrics
import NIOCore
import Testing

@testable import LoadRunner

@Suite("The tracker of a task of action plans")
struct PlanTrackerTests {
    // MARK: Limits

    @Test("Without limits and cycles any number of plans is replied to, so that the task can complete")
    func unlimited() {
        var tracker = tracker()
        for plan in 0..<1000 { #expect(tracker.plan(plan) == nil) }
        #expect(tracker.plans == 1000)
    }

    @Test("The client makes its round trips and stops at the plan after them")
    func clientLimited() {
        var tracker = tracker(client: 5, server: 30)
        for plan in 0..<5 { #expect(tracker.plan(plan) == nil) }
        #expect(tracker.plan(5) == .clientLimited)
        #expect(tracker.plans == 6)
    }

    @Test("One plan beyond the server's promise is a runaway")
    func beyondServerLimit() {
        var tracker = tracker(server: 30)
        for plan in 0..<30 { #expect(tracker.plan(plan) == nil) }
        #expect(tracker.plan(30) == .runaway)
    }

    @Test("Where one plan breaks both limits, the server's breach is what counts")
    func bothLimits() {
        var tracker = tracker(client: 3, server: 3)
        for plan in 0..<3 { #expect(tracker.plan(plan) == nil) }
        #expect(tracker.plan(3) == .runaway)
    }

    @Test("The first plans and the last are kept, with their times from the cause")
    func steps() {
        var tracker = tracker(server: 30)
        for plan in 0..<31 { _ = tracker.plan(plan) }
        #expect(tracker.steps.map(\.number) == [1, 2, 3, 4, 5, 6, 7, 8, 28, 29, 30, 31])
        #expect(tracker.steps.map(\.seconds) == tracker.steps.map(\.seconds).sorted())
        var short = self.tracker()
        for plan in 0..<3 { _ = short.plan(plan) }
        #expect(short.steps.map(\.number) == [1, 2, 3])
    }

    // MARK: Refusals

    @Test("A refusal after the promised plans kept the promise; an earlier one is a failure", arguments: 0...6)
    func refusals(plans: Int) {
        var tracker = tracker(server: 5)
        for plan in 0..<min(plans, 5) { _ = tracker.plan(plan) }
        if plans == 6 { #expect(tracker.plan(6) == .runaway) }
        #expect(tracker.refusal() == (plans >= 5 ? .refused : .failed))
    }

    @Test("Where nothing was promised every refusal is a failure")
    func refusalWithoutPromise() {
        var tracker = tracker()
        for plan in 0..<100 { _ = tracker.plan(plan) }
        #expect(tracker.refusal() == .failed)
    }

    // MARK: Cycles

    @Test("A sequence of any period is a runaway at its last full repeat", arguments: [1, 2, 3, 5, 12, 64], [2, 5])
    func cycle(period: Int, repeats: Int) {
        var tracker = tracker(cycle: repeats)
        for plan in 0..<(period * repeats - 1) { #expect(tracker.plan(plan % period) == nil) }
        #expect(tracker.plan(period - 1) == .runaway)
        #expect(tracker.plans == period * repeats)
        #expect(tracker.cycle?.repeats == repeats)
        #expect(tracker.cycle?.text == (0..<period).map { "p\($0)" }.joined(separator: " → "))
    }

    @Test("Plans before the cycle do not hide it")
    func cycleAfterOthers() {
        var tracker = tracker(cycle: 3)
        for plan in [7, 8, 9, 1, 2, 1, 2, 1] { #expect(tracker.plan(plan) == nil) }
        #expect(tracker.plan(2) == .runaway)
    }

    @Test("Where cycles are not looked for, one ends nothing, but is named")
    func cycleNotLookedFor() {
        var tracker = tracker(server: 100)
        for plan in 0..<100 { #expect(tracker.plan(plan % 2) == nil) }
        #expect(tracker.cycle?.repeats == 50)
    }

    @Test("The cycle reads as the labels of its plans and how often they came")
    func cycleText() {
        var tracker = tracker()
        for repeats in 1...14 {
            _ = tracker.plan(19, label: "click_element#19")
            _ = tracker.plan(12, label: "type#12")
            if repeats == 1 { #expect(tracker.cycle == nil) }
        }
        #expect(tracker.cycle?.text == "click_element#19 → type#12")
        #expect(tracker.cycle?.repeats == 14)
    }

    @Test("A cycle at the end of a long task still has its labels")
    func cycleOfLongTask() {
        var tracker = tracker()
        for plan in 0..<500 { _ = tracker.plan(plan) }
        for plan in 0..<128 { _ = tracker.plan(1000 + plan % 64) }
        #expect(tracker.cycle?.text == (0..<64).map { "p\(1000 + $0)" }.joined(separator: " → "))
        #expect(tracker.cycle?.repeats == 2)
    }

    // MARK: Progress

    @Test("A new value of progress breaks a cycle; the same value does not")
    func progress() {
        var tracker = tracker(cycle: 3)
        for progress: UInt64 in 1...20 {
            #expect(tracker.plan(1, progress: progress) == nil)
            #expect(tracker.plan(1, progress: progress) == nil)
        }
        #expect(tracker.plan(1, progress: 20) == .runaway)
        #expect(tracker.cycle?.text == "p1")
        #expect(tracker.cycle?.repeats == 3)
    }

    @Test("A plan that tells nothing of progress breaks no cycle")
    func absentProgress() {
        var tracker = tracker(cycle: 3)
        #expect(tracker.plan(1, progress: 7) == nil)
        #expect(tracker.plan(1, progress: nil) == nil)
        #expect(tracker.plan(1, progress: 7) == .runaway)
    }

    @Test("Progress does not lift the limits")
    func progressAndLimits() {
        var tracker = tracker(client: 2, server: 9)
        #expect(tracker.plan(1, progress: 1) == nil)
        #expect(tracker.plan(1, progress: 2) == nil)
        #expect(tracker.plan(1, progress: 3) == .clientLimited)
    }

    // MARK: Time

    @Test("When the time is over, a task is timed out where a plan came in its second half, else stalled")
    func timeOut() {
        var tracker = tracker()
        #expect(tracker.timeOut(at: instant(.seconds(10))) == .stalled)
        _ = tracker.plan(1, at: .milliseconds(5000))
        #expect(tracker.timeOut(at: instant(.seconds(10))) == .stalled)
        _ = tracker.plan(2, at: .milliseconds(5001))
        #expect(tracker.timeOut(at: instant(.seconds(10))) == .timedOut)
    }

    @Test("The duration runs from the cause of the task")
    func duration() {
        #expect(tracker().duration(at: instant(.milliseconds(1234))) == .milliseconds(1234))
    }

    private func tracker(client: Int? = nil, server: Int? = nil, cycle: Int? = nil) -> PlanTracker {
        let limits = PlanTracker.Limits(client: client, server: server, cycle: cycle, within: .seconds(10))
        return PlanTracker(limits: limits, begin: instant(.zero))
    }
}

extension PlanTracker {
    fileprivate mutating func plan(
        _ number: Int,
        progress: UInt64? = nil,
        label: String? = nil,
        at time: TimeAmount = .zero
    ) -> PlanOutcome? {
        plan(signature: UInt64(number), progress: progress, label: label ?? "p\(number)", at: instant(time))
    }
}

import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("The schedule of a load")
struct LoadScheduleTests {
    typealias Entry = (event: LoadSchedule.Event, offset: TimeAmount)

    static let loads: [Load] = [
        Load(phases: [closed(0, 7, .seconds(3))]),
        Load(phases: [
            closed(0, 100, .seconds(30)), closed(100, 100, .seconds(60)), closed(100, 0, .milliseconds(7777)),
        ]),
        Load(phases: [
            closed(0, 3, .seconds(1)), closed(3, 11, .seconds(1)), closed(11, 5, .seconds(2)),
            closed(5, 9, .seconds(1)),
        ]),
        Load(phases: [closed(0, 0, .seconds(1)), closed(0, 1, .seconds(1)), closed(1, 0, .seconds(1))]),
        Load(phases: [arrivals(20, 20, .seconds(10))]),
        Load(phases: [
            arrivals(0, 50, .seconds(4)), arrivals(50, 3, .milliseconds(2500), limit: 9),
            arrivals(0.7, 0.7, .seconds(9)),
        ]),
        Load(phases: [
            closed(0, 13, .seconds(2)), arrivals(5, 25, .seconds(3)), closed(13, 13, .seconds(1)),
            arrivals(9, 0, .seconds(3)),
        ]),
        Load(phases: [
            closed(0, 20, .seconds(2)), arrivals(5, 25, .seconds(3)), closed(8, 8, .seconds(1)),
            closed(8, 12, .seconds(1)),
        ]),
        Load(phases: [
            closed(0, 10, .seconds(1)), arrivals(1, 1, .seconds(3)), arrivals(3, 2, .seconds(1)),
            closed(25, 25, .seconds(1)),
        ]),
    ]

    // MARK: All models

    @Test("Phases begin in order at their absolute times, and the end comes last and once", arguments: loads, 1...5)
    func phases(load: Load, workers: Int) {
        for worker in 0..<workers {
            let entries = Self.entries(of: load, worker: worker, of: workers)
            var expected: [TimeAmount] = [.zero]
            for phase in load.phases { expected.append(expected[expected.count - 1] + TimeAmount(phase.duration)) }
            let marks = entries.filter { $0.event == .end || Self.phase($0.event) != nil }
            #expect(marks.map(\.event) == load.phases.indices.map { .phase($0) } + [.end])
            #expect(marks.map(\.offset) == expected)
            #expect(entries.last?.event == .end)
        }
    }

    @Test("No event comes before the one ahead of it, nor outside its phase", arguments: loads, 1...5)
    func order(load: Load, workers: Int) {
        for worker in 0..<workers {
            let entries = Self.entries(of: load, worker: worker, of: workers)
            #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.offset <= $1.offset })
            #expect(entries.allSatisfy { $0.offset >= .zero && $0.offset <= TimeAmount(load.duration) })
        }
    }

    @Test("The workers' schedules together are the schedule of a single one", arguments: loads, 1...5)
    func union(load: Load, workers: Int) {
        let alone = Self.entries(of: load, worker: 0, of: 1).filter { Self.slot($0.event) != nil }
        var together: [Entry] = []
        for worker in 0..<workers {
            let own = Self.entries(of: load, worker: worker, of: workers).filter { Self.slot($0.event) != nil }
            #expect(own.allSatisfy { entry in Self.slot(entry.event).map { $0 % workers == worker } ?? true })
            together += own
        }
        #expect(Self.sorted(together) == Self.sorted(alone))
    }

    @Test("A schedule that is over stays over")
    func over() {
        var schedule = LoadSchedule(load: Load(phases: [closed(0, 1, .seconds(1))]), worker: 0, of: 1)
        while schedule.next() != nil {}
        #expect(schedule.next() == nil)
    }

    // MARK: Closed

    @Test("At any time the clients of all workers together are those of the line", arguments: loads, 1...5)
    func line(load: Load, workers: Int) {
        let entries = (0..<workers).flatMap { Self.entries(of: load, worker: $0, of: workers) }
        for probe in 0..<500 {
            let time = TimeAmount.nanoseconds(TimeAmount(load.duration).nanoseconds / 499 * Int64(probe))
            guard let level = Self.level(of: load, at: time) else { continue }
            var wanted: Set<Int> = []
            for entry in Self.inOrder(entries) where entry.offset <= time {
                switch entry.event {
                case .start(let slot): wanted.insert(slot)
                case .leave(let slot): wanted.remove(slot)
                default: break
                }
            }
            // A started client counts whole: the line rounded up, and up to one more at the instant itself.
            #expect(Double(wanted.count) >= level - 0.001, "at \(time)")
            #expect(Double(wanted.count) <= level + 1.001, "at \(time)")
            #expect(wanted == Set(0..<wanted.count), "the lowest slots are taken")
        }
    }

    @Test("A ramp of millions of seconds and clients meets every time to the nanosecond")
    func noDrift() {
        let clients = 999_983
        let duration = Duration.nanoseconds(7_000_000_000_000_003)
        var schedule = LoadSchedule(load: Load(phases: [closed(0, clients, duration)]), worker: 1, of: 3)
        var steps = 0
        while let (event, offset) = schedule.next() {
            guard case .start(let slot) = event else { continue }
            let product = Int64(slot).multipliedFullWidth(by: 7_000_000_000_000_003)
            #expect(offset.nanoseconds == Int64(clients).dividingFullWidth(product).quotient)
            steps += 1
        }
        #expect(steps == (clients + 1) / 3)
    }

    @Test("A phase that holds starts the slots that stand empty, and nobody leaves")
    func hold() {
        let load = Load(phases: [closed(0, 4, .seconds(1)), closed(4, 4, .seconds(1))])
        let second = Self.entries(of: load, worker: 0, of: 1).drop { $0.event != .phase(1) }.dropFirst()
        #expect(second.dropLast().map(\.event) == (0..<4).map { .start(slot: $0) })
        #expect(second.dropLast().allSatisfy { $0.offset == .seconds(1) })
    }

    @Test("On the way down the highest slots leave first, the last one at the end of the phase")
    func down() {
        let load = Load(phases: [closed(4, 1, .seconds(3))])
        let entries = Self.entries(of: load, worker: 0, of: 1)
        let leaves = entries.filter { if case .leave = $0.event { true } else { false } }
        #expect(leaves.map(\.event) == [.leave(slot: 3), .leave(slot: 2), .leave(slot: 1)])
        #expect(leaves.map(\.offset) == [.seconds(1), .seconds(2), .seconds(3)])
    }

    @Test("After arrivals the closed slots above the new number leave at once", arguments: 1...5)
    func closedAfterArrivals(workers: Int) {
        let load = Load(phases: [closed(0, 10, .seconds(1)), arrivals(1, 1, .seconds(1)), closed(4, 4, .seconds(1))])
        let entries = (0..<workers).flatMap { Self.entries(of: load, worker: $0, of: workers) }
        let left = entries.filter { if case .leave = $0.event { true } else { false } }
        #expect(Set(left.compactMap { Self.slot($0.event) }) == Set(4..<10))
        #expect(left.count == 6)
        #expect(left.allSatisfy { $0.offset == .seconds(2) })
    }

    // MARK: Arrivals

    @Test(
        "As many clients arrive as the integral of the rate says, when it says so",
        arguments: [
            (20, 20, 10), (0, 100, 3), (100, 0, 3), (20, 100, 5), (0.5, 0.5, 30), (3, 7, 0.25), (0, 0, 5), (1000, 1, 2),
            (0.01, 0.02, 400), (33.3, 66.6, 1.7),
        ] as [(Double, Double, Double)]
    )
    func integral(from: Double, to: Double, seconds: Double) {
        let load = Load(phases: [arrivals(from, to, .nanoseconds(Int64(seconds * 1e9)))])
        let times = Self.entries(of: load, worker: 0, of: 1)
            .filter { if case .arrive = $0.event { true } else { false } }
            .map { Double($0.offset.nanoseconds) / 1e9 }
        let expected = Self.integratedTimes(from: from, to: to, seconds: seconds)
        #expect(times.count == expected.count)
        for (time, reference) in zip(times, expected) {
            #expect(abs(time - reference) < seconds * 1e-5, "\(time) instead of \(reference)")
        }
    }

    @Test("Arrivals of a steady rate lie on its grid to the nanosecond, far from the start too")
    func steadyGrid() {
        let load = Load(phases: [closed(0, 0, .seconds(5)), arrivals(20, 20, .seconds(36_000))])
        let times = Self.entries(of: load, worker: 0, of: 1)
            .filter { if case .arrive = $0.event { true } else { false } }
            .map(\.offset)
        #expect(times == (0..<720_000).map { .seconds(5) + .milliseconds(50 * $0) })
    }

    @Test(
        "Every arrival has a slot of its own, above the closed ones, in the order of arrival",
        arguments: loads,
        1...5
    )
    func slots(load: Load, workers: Int) {
        let entries = (0..<workers).flatMap { Self.entries(of: load, worker: $0, of: workers) }
        let arrived = Self.inOrder(entries).compactMap { entry -> Int? in
            if case .arrive(let slot, _) = entry.event { slot } else { nil }
        }
        let closed = entries.compactMap { entry -> Int? in
            if case .start(let slot) = entry.event { slot } else { nil }
        }
        let first = (closed.max() ?? -1) + 1
        #expect(arrived.sorted() == Array(first..<(first + arrived.count)))
        if workers == 1 { #expect(arrived == arrived.sorted()) }
    }

    @Test("An arrival carries the limit of its phase")
    func limits() {
        let load = Load(phases: [arrivals(5, 5, .seconds(1), limit: 3), arrivals(2, 2, .seconds(1))])
        let limits = Self.entries(of: load, worker: 0, of: 1).compactMap { entry -> Int?? in
            if case .arrive(_, let limit) = entry.event { .some(limit) } else { nil }
        }
        #expect(limits == [3, 3, 3, 3, 3, nil, nil])
    }
}

// MARK: - Oracles

extension LoadScheduleTests {
    /// The line of the closed model; nil within arrivals.
    private static func level(of load: Load, at time: TimeAmount) -> Double? {
        var begin = TimeAmount.zero
        for phase in load.phases {
            let duration = TimeAmount(phase.duration)
            defer { begin = begin + duration }
            guard time >= begin, time < begin + duration else { continue }
            guard case .clients(let from, let to) = phase.model else { return nil }
            let part = Double((time - begin).nanoseconds) / Double(duration.nanoseconds)
            return Double(from) + Double(to - from) * part
        }
        return nil
    }

    /// When the integral of the rate passes each whole number, by adding up small steps.
    private static func integratedTimes(from: Double, to: Double, seconds: Double) -> [Double] {
        let steps = 2_000_000
        let width = seconds / Double(steps)
        var times: [Double] = []
        var sum = 0.0
        for step in 0..<steps {
            let rate = from + (to - from) * (Double(step) + 0.5) / Double(steps)
            let next = sum + rate * width
            while Double(times.count) < next {
                let part = max(0, Double(times.count) - sum) / (next - sum)
                times.append((Double(step) + part) * width)
            }
            sum = next
        }
        // The sum's own error must not add an arrival at the very end.
        return times.enumerated().filter { Double($0.offset) < sum - 1e-6 }.map(\.element)
    }

    private static func entries(of load: Load, worker: Int, of workers: Int) -> [Entry] {
        var schedule = LoadSchedule(load: load, worker: worker, of: workers)
        var entries: [Entry] = []
        while let entry = schedule.next() { entries.append(entry) }
        return entries
    }

    /// By time, each worker's own order kept where times are equal.
    private static func inOrder(_ entries: [Entry]) -> [Entry] {
        entries.enumerated()
            .sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
            .map(\.element)
    }

    private static func phase(_ event: LoadSchedule.Event) -> Int? {
        if case .phase(let phase) = event { phase } else { nil }
    }

    private static func slot(_ event: LoadSchedule.Event) -> Int? {
        switch event {
        case .start(let slot), .arrive(let slot, _), .leave(let slot): slot
        case .phase, .end: nil
        }
    }

    private static func sorted(_ entries: [Entry]) -> [String] {
        entries.map { "\($0.offset.nanoseconds) \($0.event)" }.sorted()
    }
}

private func closed(_ from: Int, _ to: Int, _ duration: Duration) -> Load.Phase {
    Load.Phase(duration: duration, model: .clients(from: from, to: to))
}

private func arrivals(_ from: Double, _ to: Double, _ duration: Duration, limit: Int? = nil) -> Load.Phase {
    Load.Phase(duration: duration, model: .arrivals(from: from, to: to, limit: limit))
}

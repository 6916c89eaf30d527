import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("Arrivals that are drawn")
struct PoissonArrivalsTests {
    private func load(_ from: Double, _ to: Double, seconds: Int) -> Load {
        let open = Load.Phase(
            duration: .seconds(seconds),
            model: .arrivals(from: from, to: to, limit: nil),
            spacing: .poisson
        )
        return Load(phases: [open, open])
    }

    private func arrivals(_ load: Load, worker: Int, of workers: Int, seed: UInt64) -> [(slot: Int, time: Double)] {
        var schedule = LoadSchedule(load: load, worker: worker, of: workers, seed: seed)
        var all: [(slot: Int, time: Double)] = []
        while let (event, offset) = schedule.next() {
            if case .arrive(let slot, _) = event { all.append((slot, Double(offset.nanoseconds) / 1e9)) }
        }
        return all
    }

    @Test("The workers' arrivals together are those of a single one", arguments: 1...5)
    func union(workers: Int) {
        let load = load(5, 50, seconds: 20)
        let single = arrivals(load, worker: 0, of: 1, seed: 3)
        let together = (0..<workers).flatMap { arrivals(load, worker: $0, of: workers, seed: 3) }
            .sorted { $0.slot < $1.slot }
        #expect(together.map(\.slot) == Array(0..<single.count))
        #expect(together.map(\.time) == single.map(\.time))
    }

    @Test("Times rise within the phases, and another seed gives others")
    func order() {
        let load = load(10, 10, seconds: 30)
        let times = arrivals(load, worker: 0, of: 1, seed: 1).map(\.time)
        #expect(times == times.sorted())
        #expect(times.allSatisfy { $0 >= 0 && $0 < 60 })
        #expect(times != arrivals(load, worker: 0, of: 1, seed: 2).map(\.time))
    }

    @Test("Counts and gaps are those of a Poisson process", arguments: [UInt64(1), 2, 3])
    func distribution(seed: UInt64) {
        let times = arrivals(load(100, 100, seconds: 100), worker: 0, of: 1, seed: seed).map(\.time)
        // 20,000 expected; five standard deviations.
        #expect(abs(times.count - 20_000) < 707)
        let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(gaps.count)
        // An exponential distribution deviates by its mean.
        #expect(abs(variance.squareRoot() / mean - 1) < 0.05)
        #expect(Double(gaps.count { $0 > mean }) / Double(gaps.count) > 0.34)
        #expect(Double(gaps.count { $0 > mean }) / Double(gaps.count) < 0.40)
    }

    @Test("A rising rate brings most of its arrivals late")
    func ramp() {
        let times = arrivals(load(0, 100, seconds: 100), worker: 0, of: 1, seed: 1).map(\.time).filter { $0 < 100 }
        // A quarter of the integral lies in the first half.
        #expect(abs(Double(times.count { $0 < 50 }) / Double(times.count) - 0.25) < 0.03)
    }
}

import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("The waits between attempts to connect again")
struct BackoffTests {
    private func delays(_ policy: ReconnectPolicy, _ count: Int, slot: Int = 0) -> [Int64?] {
        var backoff = Backoff(policy)
        var random = ClientRandom(seed: 7, slot: slot, generation: 0, stream: 4)
        return (0..<count).map { _ in backoff.next(&random).map { $0.nanoseconds / 1_000_000 } }
    }

    @Test("Without jitter they follow the numbers: Praxis' 2, 4, 8, 10, 10 s and then no more")
    func praxis() {
        let policy = ReconnectPolicy(delay: .seconds(2), cap: .seconds(10), attempts: 5)
        #expect(delays(policy, 7) == [2000, 4000, 8000, 10_000, 10_000, nil, nil])
    }

    @Test("Without a limit they stay at the cap: Flock's 1, 2, 4, 8, 16, 30, 30 s")
    func flock() {
        let policy = ReconnectPolicy(delay: .seconds(1), cap: .seconds(30))
        #expect(delays(policy, 8) == [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
        #expect(delays(policy, 100_000).last == 30_000)
    }

    @Test("An open transport begins anew")
    func reset() {
        var backoff = Backoff(ReconnectPolicy(delay: .seconds(2), cap: .seconds(10), attempts: 2))
        var random = ClientRandom(seed: 1, slot: 0, generation: 0, stream: 4)
        for _ in 0..<3 { _ = backoff.next(&random) }
        backoff.reset()
        #expect(backoff.next(&random) == .seconds(2))
    }

    @Test("Factors that grow beyond all numbers end at the cap")
    func large() {
        let policy = ReconnectPolicy(delay: .milliseconds(1), factor: 1000, cap: .seconds(3600), jitter: 1)
        for delay in delays(policy, 5000) {
            #expect((0...3_600_000).contains(delay ?? -1))
        }
    }

    /// The formula written down anew, with the random number given.
    private func official(attempt: Int, drawn: Double) -> Int64 {
        var milliseconds = 1000.0
        for _ in 0..<attempt { milliseconds *= 2 }
        let deviation = (drawn * 0.5 * milliseconds).rounded(.down)
        let isLess = Int((drawn * 10).rounded(.down)) % 2 == 0
        return Int64(min(isLess ? milliseconds - deviation : milliseconds + deviation, 5000))
    }

    @Test("Ten thousand clients wait as the official client does, attempt by attempt", arguments: 0..<6)
    func distribution(attempt: Int) {
        let clients = 10_000
        let bin: Int64 = 100
        var counted: [Int64: Int] = [:]
        for slot in 0..<clients {
            let delay = delays(.socketIO, attempt + 1, slot: slot)[attempt] ?? -1
            counted[delay / bin, default: 0] += 1
        }
        // What the formula gives over a fine grid of its random number.
        let steps = 200_000
        var expected: [Int64: Double] = [:]
        for step in 0..<steps {
            let delay = official(attempt: attempt, drawn: (Double(step) + 0.5) / Double(steps))
            expected[delay / bin, default: 0] += Double(clients) / Double(steps)
        }
        #expect(Set(counted.keys).isSubset(of: Set(expected.keys)))
        for (place, number) in expected {
            // Five standard deviations of a binomial count.
            let tolerance = 5 * number.squareRoot() + 5
            #expect(abs(Double(counted[place] ?? 0) - number) <= tolerance, "\(place * bin) ms")
        }
        if attempt >= 4 { #expect(counted == [50: clients]) }
    }
}

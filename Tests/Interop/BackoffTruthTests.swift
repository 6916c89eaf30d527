import Metrics
import PracticeServer
import Testing

/// When clients try to connect again, as the server saw it.
@Suite("Attempts to connect against the truth of the practice server", .serialized, .timeLimit(.minutes(1)))
struct BackoffTruthTests {
    private static let clients = 300
    /// What an attempt takes, and a busy machine adds, in milliseconds.
    private static let air = 300

    @Test("A server that refuses everybody is tried again after 1, 2 and 4 s, each a random half longer or shorter")
    func officialFormula() async throws {
        // The official client tries the first connect again, too.
        let run = try await Measured.run(
            """
            name: backoff
            target: { url: "practice:echo?refuse=100%", query: { client: "${client.index}" } }
            load: [ { for: 200ms, clients: \(Self.clients), once: true }, { for: 5s, once: true } ]
            grace: 0s
            flow: [ connect ]
            """
        )
        let truth = try #require(run.truth)
        #expect(truth.connections.accepted == 0)
        #expect(truth.attempts.count == truth.connections.refused)
        #expect(truth.attempts.notListed == 0)
        #expect(truth.attempts.clients.count == Self.clients)
        // Of those that were under way at the end the client has not heard.
        let failed = try #require(run.count("connect.failed"))
        #expect(failed == truth.connections.refused)
        #expect(run.count("errors.upgrade.503") == failed)
        #expect(run.count("reconnect.lost") == 0, "nothing was lost that never was")

        let pauses = truth.attempts.clients.values.map { times in zip(times.dropFirst(), times).map { $0 - $1 } }
        for (place, base) in [1000, 2000].enumerated() {
            let times = pauses.compactMap { $0.count > place ? $0[place] : nil }
            // Nobody's first two pauses are longer than the run.
            #expect(times.count == Self.clients)
            #expect(times.allSatisfy { $0 >= base / 2 - 1 && $0 <= base * 3 / 2 + Self.air }, "\(base)")
            // The mean of so many is within five of its standard deviations, which are of an even distribution.
            let mean = Double(times.reduce(0, +)) / Double(times.count)
            let deviation = Double(base) / 12.0.squareRoot() / Double(times.count).squareRoot()
            #expect(mean > Double(base) - 5 * deviation)
            #expect(mean < Double(base) + 5 * deviation + Double(Self.air) / 10)
            // Spread over the whole of it, not only around its middle.
            for quarter in 0..<4 {
                let range = base / 2 + base * quarter / 4..<base / 2 + base * (quarter + 1) / 4
                #expect(times.count { range.contains($0) } > Self.clients / 8, "\(base), \(range)")
            }
        }
        // Of the third pauses only the short ones fit in.
        let third = pauses.compactMap { $0.count > 2 ? $0[2] : nil }
        #expect(third.allSatisfy { $0 >= 1999 && $0 <= 5000 })
        #expect(pauses.allSatisfy { $0.count <= 3 })
    }

    @Test("A policy in numbers is kept to the millisecond, and its attempts are counted")
    func numbers() async throws {
        let run = try await Measured.run(
            """
            name: numbers
            target:
              url: "practice:echo?refuse=100%"
              protocol: websocket
              path: /ws/json
              query: { client: "${client.index}" }
            load: [ { for: 100ms, clients: 100, once: true }, { for: 4s, once: true } ]
            grace: 5s
            reconnect: { delay: 200ms, factor: 2, cap: 600ms, attempts: 4, initial: true }
            flow: [ connect ]
            """
        )
        let truth = try #require(run.truth)
        #expect(truth.attempts.count == 5 * 100)
        #expect(truth.attempts.clients.count == 100)
        for times in truth.attempts.clients.values {
            let pauses = zip(times.dropFirst(), times).map { $0 - $1 }
            #expect(pauses.count == 4)
            for (pause, delay) in zip(pauses, [200, 400, 600, 600]) {
                #expect(pause >= delay - 1 && pause <= delay + Self.air, "\(pauses)")
            }
        }
        #expect(
            run.verdicts == [
                "errors.upgrade.503": 500, "connect.failed": 500, "operations.failed": 500, "clients.failed": 100,
            ]
        )
    }
}

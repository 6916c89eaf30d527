import LoadRunner
import Metrics
import PracticeServer
import Testing

/// Delays of a known length show in the latencies with this length.
@Suite("Latencies against known delays", .serialized, .timeLimit(.minutes(1)))
struct LatencyTruthTests {
    @Test("a latency of 50 ms adds 50 ms to every latency but that of connecting")
    func injected() async throws {
        let without = try await Measured.run(Visit.text())
        let with = try await Measured.run(Visit.text("latency=50ms"))
        let truth = try #require(with.truth)

        #expect(truth.messages.delayed > 0)
        #expect(
            with.verdicts == ["stream.complete": truth.streams.completed, "plan.completed": truth.tasks.completed]
        )
        for metric in ["handshake", "join", "ack.echo", "http", "answer.first_chunk", "task.round_trip"] {
            let shortest = try #require(with.histogram(metric)).min
            // The delay itself is never shorter than it was asked for.
            #expect(shortest >= 50_000, "\(metric): \(shortest) µs")
            let added = try median(of: metric, in: with) - median(of: metric, in: without)
            // The rest of the latency may be a little longer or shorter on a busy machine.
            #expect(added > .milliseconds(45) && added < .milliseconds(80), "\(metric): \(added)")
        }
        let added = try median(of: "connect", in: with) - median(of: "connect", in: without)
        #expect(added < .milliseconds(25), "connect: \(added)")
    }

    @Test("no latency from its scheduled time is shorter than the one from its send")
    func order() async throws {
        let run = try await Measured.run(Visit.text())
        for metric in ["connect", "join", "ack.echo", "http", "answer.first_chunk", "task.round_trip"] {
            let scheduled = try #require(run.histogram(metric))
            let service = try #require(run.histogram("\(metric).service"))
            #expect(scheduled.count == service.count)
            #expect(scheduled.min >= service.min, "\(metric)")
            #expect(scheduled.mean >= service.mean, "\(metric)")
        }
        // Nothing connects in less than a few microseconds: a start before its time on the grid would seem to.
        #expect(try #require(run.histogram("connect")).min > 10)
    }

    /// The machine may stand still too: what a busy one adds to one try it does not add to each.
    @Test("a server that stands still for two seconds delays everybody who came meanwhile by what was left of them")
    func frozen() async throws {
        var strays: [String] = []
        for _ in 0..<3 {
            strays = try await straysOfFreeze()
            if strays.isEmpty { return }
        }
        #expect(strays == [], "in the last of three tries")
    }

    /// Freezes a server under load for two seconds.
    ///
    /// - Returns: What of the latencies is not as theory says.
    private func straysOfFreeze() async throws -> [String] {
        let rate = 50.0
        let command = [Needs.reprise, "practice", "leflux", "--port", "0"]
        return try await Peer.with(command) { server in
            var strays: [String] = []
            let (seconds, second) = AsyncStream.makeStream(of: Void.self)
            async let measured = Measured.run(
                """
                name: frozen
                target: { url: "http://127.0.0.1:\(server.port)", protocol: socket.io }
                load: [ { for: 5s, arrivals: \(Int(rate))/s } ]
                grace: 10s
                flow:
                  - connect
                  - emit: echo
                    data: 1
                    ack: { within: 5s }
                """,
                onSecond: { _ in second.yield() }
            )
            for await _ in seconds { break }
            let clock = ContinuousClock()
            try server.freeze()
            let start = clock.now
            // Not a wait for something: the length of the freeze is what is tested.
            try await clock.sleep(for: .seconds(2))
            try server.thaw()
            let freeze = (start.duration(to: clock.now)) / Duration.seconds(1)
            let run = try await measured

            #expect(run.verdicts == [:])
            let clients = try #require(run.count("clients.started"))
            #expect(abs(Double(clients) - 5 * rate) <= 1)
            #expect(run.count("clients.finished") == clients)
            let samples = try #require(run.histogram("connect")).values
            #expect(samples.count == clients)
            let longest = try #require(samples.last) / Duration.seconds(1)
            if longest <= freeze - 0.1 || longest >= freeze + 0.4 { strays.append("\(longest) of \(freeze) s") }
            for limit in [0.25, 0.5, 1, 1.5] {
                let beyond = samples.count { $0 > .seconds(limit) }
                let expected = rate * (freeze - limit)
                // What the start of the server's work on the waiting takes, in clients.
                if abs(Double(beyond) - expected) > rate * 0.2 {
                    strays.append("\(beyond) beyond \(limit) s, not \(expected)")
                }
            }
            return strays
        }
    }

    private func median(of metric: String, in run: Measured) throws -> Duration {
        let histogram = try #require(run.histogram(metric), "\(metric)")
        #expect(histogram.count >= 10, "\(metric)")
        return .microseconds(histogram.percentiles([50])[0])
    }
}

extension Histogram {
    /// Its samples in ascending order, within the histogram's resolution.
    fileprivate var values: [Duration] {
        let ranks = (0..<count).map { (Double($0) + 0.5) / Double(count) * 100 }
        return percentiles(ranks).map { .microseconds($0) }
    }
}

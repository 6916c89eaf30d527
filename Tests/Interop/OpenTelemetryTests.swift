import Foundation
import LoadRunner
import Metrics
import Testing

/// Figures pushed to a receiver that knows them by OpenTelemetry's official message definitions.
@Suite("Figures for OpenTelemetry", .serialized, .needsPeers, .timeLimit(.minutes(1)))
struct OpenTelemetryTests {
    /// Runs visitors of a practice server, and pushes what they measure.
    private func run(_ words: [String], header: String? = nil) async throws -> (run: Measured, received: Received) {
        let script = try Needs.peer("otlp_receiver.py")
        return try await Peer.with([Needs.python, script, "0"] + words) { collector in
            let endpoint = try #require(Endpoint("http://127.0.0.1:\(collector.port)"))
            let headers = try header.map { [try #require(ExportHeader($0))] } ?? []
            let run = try await Measured.run(
                Visit.text("chunks=5&drop-chunk=7"),
                configure: {
                    var settings = ExportSettings(
                        endpoint: endpoint.forMetrics,
                        headers: headers,
                        resource: OTLPResource(
                            version: "1.2.3",
                            scenario: "visit",
                            target: "practice:leflux",
                            seed: 7,
                            run: "visit-1",
                            instance: "instance"
                        ),
                        redactor: Redactor()
                    )
                    settings.interval = .seconds(1)
                    $0.export = settings
                }
            )
            let received = try JSONDecoder().decode(Received.self, from: Data(try await collector.lastWords().utf8))
            return (run, received)
        }
    }

    @Test("They hold to the definitions, and come to the counters and latencies of the run")
    func totals() async throws {
        let (run, received) = try await run(["header=X-Key:secret", "busy=1"], header: "X-Key=secret")
        #expect(received.problems == [])
        #expect(received.decreases == 0)
        #expect(received.refused == 1)
        #expect(received.requests >= 2)
        #expect(received.resource["service.name"] == "reprise")
        #expect(received.resource["reprise.scenario"] == "visit")

        let totals = run.result.totals
        let rows = MeasuredRows(table: totals.table, totals: totals.overall)
        let group = try #require(totals.table.groups.first)
        let counters = try #require(received.sums["reprise.count"])
        let expected = rows.counters.filter { $0.group == "all" && $0.counter != "generator.late" }
        #expect(counters.count == expected.count)
        for row in expected { #expect(counters["\(group)/\(row.counter)"] == row.count, "\(row.counter)") }
        #expect(try #require(counters["\(group)/stream.missing"]) > 0)

        var histograms = 0
        for row in rows.distributions where row.group == "all" && row.metric != "generator.lag" {
            let isTime = row.unit == .milliseconds
            let point = try #require(
                received.histograms[isTime ? "reprise.latency" : "reprise.size"]?["\(group)/\(row.metric)"]
                    ?? received.histograms["reprise.bytes"]?["\(group)/\(row.metric)"],
                "\(row.metric)"
            )
            let scale = isTime ? 1000.0 : 1
            #expect(point.count == row.count, "\(row.metric)")
            #expect(abs(point.max * scale - row.max) < 0.001)
            #expect(abs(point.sum * scale - row.mean * Double(row.count)) < 0.001 * Double(row.count) + 0.001)
            histograms += 1
        }
        #expect(histograms > 10)
        #expect(received.gauges["reprise.clients.active"]?[group] == 0)
        #expect(received.gauges["reprise.generator.lag"]?.count == 3)
    }

    @Test("Without the key that it wants nothing is taken, and with it what it does not want is told")
    func answers() async throws {
        let (refused, nothing) = try await run(["header=X-Key:secret"], header: "X-Key=other")
        #expect(nothing.requests == 0)
        #expect(nothing.refused > 0)
        #expect(refused.result.sideNotes.first?.contains("401 Unauthorized, no key") ?? false)
        let (partial, _) = try await run(["partial"])
        #expect(partial.result.sideNotes.first?.hasSuffix("turned down 3 points of a push: too much") ?? false)
    }

    /// What the receiver wrote down.
    private struct Received: Decodable {
        struct Point: Decodable {
            var count: Int
            var sum: Double
            var min: Double
            var max: Double
        }

        var requests: Int
        var refused: Int
        var problems: [String]
        var resource: [String: String]
        var decreases: Int
        var sums: [String: [String: Int]]
        var histograms: [String: [String: Point]]
        var gauges: [String: [String: Double]]
    }
}

import Foundation
import Testing

/// A real Prometheus that scrapes a run.
@Suite("Prometheus", .serialized, .needsPeers, .needs(.prometheus, .promtool), .timeLimit(.minutes(1)))
struct PrometheusTests {
    private static let scenario = """
        name: scraped
        target: { url: "practice:echo" }
        load: [ { for: 6s, clients: 12, name: steady } ]
        grace: 2s
        flow:
          - connect
          - repeat: 20
            flow:
              - emit: echo
                data: [1]
                ack: { within: 5s, measure: ping }
              - think: 50ms
          - think: 20s
        checks: [ ping.p95 < 5s, errors.rate < 1% ]
        """

    private struct Report: Decodable {
        struct Series: Decodable {
            struct Sample: Decodable {
                var time: Double
                var value: Double

                init(from decoder: any Decoder) throws {
                    var pair = try decoder.unkeyedContainer()
                    time = try pair.decode(Double.self)
                    value = Double(try pair.decode(String.self)) ?? .nan
                }
            }

            var metric: [String: String]
            var values: [Sample]
        }

        var series: [Series]
        var code: Int32
        var lint: Int32
        var lintText: String
        var openMetrics: String
        var openMetricsEnd: String

        func series(_ name: String, _ labels: [String: String] = [:]) -> [Series] {
            series.filter { series in
                series.metric["__name__"] == name && labels.allSatisfy { series.metric[$0] == $1 }
            }
        }
    }

    @Test("stores in every scrape what timeline.csv says up to that second, and at last what summary.json says")
    func scrapes() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-prometheus-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let scenario = folder.appending(path: "scraped.yaml")
        try Data(Self.scenario.utf8).write(to: scenario)
        let results = folder.appending(path: "results")
        let line = try await Script.run([
            "python3", try Needs.peer("prometheus_scrapes.py"), Needs.reprise, try #require(Tool.prometheus.path),
            try #require(Tool.promtool.path), scenario.path, results.path,
        ])
        let report = try JSONDecoder().decode(Report.self, from: Data(line.utf8))
        #expect(report.code == 0)
        #expect(report.lint == 0, "\(report.lintText)")
        #expect(report.openMetrics == "application/openmetrics-text" && report.openMetricsEnd == "# EOF\n")

        let elapsed = try #require(report.series("reprise_run_elapsed_seconds").first).values
        #expect(elapsed.count >= 4)
        let sums = try Self.sums(results)
        for counter in ["messages.sent", "messages.received", "ping.count", "clients.started", "bytes.received"] {
            let series = report.series("reprise_count_total", ["name": counter, "group": "clients"])
            let samples = try #require(series.first, "\(counter)").values
            #expect(series.count == 1 && samples.count == elapsed.count, "\(counter)")
            for (sample, seconds) in zip(samples, elapsed) {
                #expect(sample.time == seconds.time)
                #expect(sample.value == sums(counter, Int(seconds.value)), "\(counter) after \(seconds.value) s")
            }
        }
        try expectSummary(report, results)
    }

    /// The clients were done long before the last scrape.
    private func expectSummary(_ report: Report, _ results: URL) throws {
        let data = try Data(contentsOf: results.appending(path: "summary.json"))
        let summary = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let counters = try #require(summary["counters"] as? [[String: Any]]).filter {
            $0["group"] as? String == "clients"
        }
        var compared = 0
        for series in report.series("reprise_count_total") {
            // The end of the run cuts clients off, who say goodbye.
            guard let name = series.metric["name"], !["clients.cut", "bytes.sent"].contains(name),
                let counter = counters.first(where: { $0["counter"] as? String == name })
            else { continue }
            #expect(series.values.last?.value == (counter["count"] as? Int).map(Double.init), "\(name)")
            compared += 1
        }
        #expect(compared > 50)
        let metrics = try #require(summary["metrics"] as? [[String: Any]])
        let ping = try #require(
            metrics.first { $0["metric"] as? String == "ping" && $0["group"] as? String == "clients" }
        )
        let count = try #require(ping["count"] as? Int)
        let labels = ["metric": "ping", "group": "clients"]
        #expect(count == 240)
        #expect(report.series("reprise_latency_seconds_count", labels).first?.values.last?.value == Double(count))
        let buckets = report.series("reprise_latency_seconds_bucket", labels)
        let cumulative = buckets.sorted { Self.bound($0) < Self.bound($1) }.compactMap(\.values.last?.value)
        #expect(buckets.count == 25 && cumulative == cumulative.sorted() && cumulative.last == Double(count))
        let sum = try #require(report.series("reprise_latency_seconds_sum", labels).first?.values.last?.value)
        let mean = try #require(ping["mean"] as? Double)
        #expect(abs(sum * 1000 / Double(count) - mean) <= 0.001)
        #expect(report.series("reprise_check", ["check": "ping.p95 < 5s"]).first?.values.last?.value == 1)
        #expect(report.series("reprise_clients_active").first?.values.map(\.value).max() == 12)
    }

    private static func bound(_ series: Report.Series) -> Double {
        let text = series.metric["le"] ?? ""
        return text == "+Inf" ? .infinity : Double(text) ?? .nan
    }

    /// From timeline.csv: what a counter had counted after so many seconds.
    private static func sums(_ results: URL) throws -> (_ counter: String, _ seconds: Int) -> Double {
        let text = try String(contentsOf: results.appending(path: "timeline.csv"), encoding: .utf8)
        let rows = text.split(separator: "\r\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        return { counter, seconds in
            rows.filter { $0[3] == "clients" && $0[4] == counter && (Int($0[0]) ?? 0) < seconds }
                .reduce(0) { $0 + (Double($1[5]) ?? 0) }
        }
    }
}

import Foundation
import Testing

@testable import Metrics

/// What a run leaves, under readers that others wrote.
@Suite("The files of a run under readers of others", .serialized, .needsPeers, .timeLimit(.minutes(2)))
struct ResultFilesTests {
    /// What the package hdrhistogram read.
    private struct Log: Decodable {
        struct Tag: Decodable {
            var lines: Int
            var count: Int
            var mean: Double
            var stddev: Double
            var percentiles: [Double]
        }
        var start: Double
        var tags: [String: Tag]
    }

    /// Runs a scenario, and hands over the folder with what it left.
    private static func withRun(_ scenario: String, _ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-files-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(scenario.utf8).write(to: URL(filePath: "\(folder)/visit.yaml"))
        _ = try await Script.exit([
            Needs.reprise, "run", "\(folder)/visit.yaml", "--out", folder, "--quiet", "--seed", "1", "--generator",
            "warn",
        ])
        try await body(folder)
    }

    @Test("hdrhistogram reads latency.hlog, and finds the counts and percentiles of latency.csv in it")
    func histogramLog() async throws {
        try await Self.withRun(Visit.text()) { folder in
            let line = try await Script.run([
                Needs.python, try Needs.peer("read_histogram_log.py"), "\(folder)/latency.hlog",
            ])
            let log = try JSONDecoder().decode(Log.self, from: Data(line.utf8))
            let run = try StoredRun(directory: folder)
            #expect(abs(log.start - Double(run.run.startEpochMilliseconds) / 1000) < 0.002)
            let rows = try ResultTable(path: "\(folder)/latency.csv").rows.filter { row in
                (row["group"] == "all") == (row["metric"] == "generator.lag")
            }
            #expect(rows.count > 20)
            #expect(log.tags.count == rows.count)
            for row in rows {
                let name = try #require(row["group"].flatMap { group in row["metric"].map { "\(group)/\($0)" } })
                let tag = try #require(log.tags[name], "\(name)")
                let scale = row["unit"] == "ms" ? 1000.0 : 1
                #expect(tag.count == row["count"].flatMap(Int.init), "\(name)")
                #expect(tag.lines <= run.timeline.seconds.count + run.run.load.count)
                let mean = row["mean"].flatMap(Double.init) ?? -1
                #expect(abs(tag.mean / scale - mean) <= mean * 0.001 + 0.001, "\(name)")
                let maximum = row["max"].flatMap(Double.init) ?? -1
                for (percentile, value) in zip(["p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99"], tag.percentiles)
                {
                    guard let text = row[percentile], let ours = Double(text) else { continue }
                    // We know the maximum itself, a log knows its place.
                    #expect(min(value / scale, maximum) == ours, "\(name) \(percentile)")
                }
            }
            let ours = try HistogramLog(path: "\(folder)/latency.hlog")
            #expect(ours.damagedLines == 0)
            #expect(ours.intervals.count == log.tags.values.reduce(0) { $0 + $1.lines })

            let latency = try Data(contentsOf: URL(filePath: "\(folder)/latency.csv"))
            try FileManager.default.removeItem(atPath: "\(folder)/latency.csv")
            #expect(try await Script.exit([Needs.reprise, "report", folder]).code == 0)
            #expect(try Data(contentsOf: URL(filePath: "\(folder)/latency.csv")) == latency)
        }
    }

    @Test("junit.xml keeps to the schemas of CI servers, of a run that passes and of one that does not")
    func junit() async throws {
        try await Self.withRun(Visit.task("ignore-plan-limit", "serverLimit: 30") + "checks: [ plan.runaway == 0 ]\n") {
            folder in
            let text = try String(contentsOfFile: "\(folder)/junit.xml", encoding: .utf8)
            #expect(text.contains(#"<testcase classname="visit" name="plan.runaway == 0" time="0.000">"#))
            #expect(text.contains(#"failures="1" errors="0" skipped="0""#))
            #expect(text.contains(#"<property name="seed" value="1"/>"#))
            let other = "\(folder)/other.xml"
            try Data(text.replacing(#"name="plan.runaway == 0" "#, with: "").replacing("2026-", with: "x").utf8)
                .write(to: URL(filePath: other))
            let golden = ["1-junit.xml", "2-junit.xml", "3-junit.xml"].map {
                Needs.root.appending(path: "Tests/MetricsTests/Golden/\($0)").path
            }
            let line = try await Script.run(
                [Needs.python, try Needs.peer("validate_junit.py"), "\(folder)/junit.xml", other] + golden
            )
            let found = try JSONDecoder().decode([String: [String]].self, from: Data(line.utf8))
            #expect(found["\(folder)/junit.xml"] == [])
            #expect(found[other]?.contains("<testcase> needs name") == true)
            for path in golden { #expect(found[path] == []) }
            // A loop that ran away on a server that ignores its limit, as 4-metrics.md has its columns.
            let loops = try ResultTable(path: "\(folder)/loops.csv")
            #expect(loops.header == ["client", "task", "plans", "outcome", "cycle", "repeats", "seconds"])
            #expect(!loops.rows.isEmpty)
            #expect(loops.rows.allSatisfy { $0["outcome"] == "runaway" && $0["plans"] == "31" && $0["task"] == "task" })
        }
    }
}

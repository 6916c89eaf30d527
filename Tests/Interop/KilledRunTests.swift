import Foundation
import Testing

@testable import Metrics

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What is left of a run that is killed with signal 9, and what `reprise report` makes of it.
@Suite("A run that is killed", .serialized, .timeLimit(.minutes(2)))
struct KilledRunTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-killed-\(UUID())").path

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Starts a run in a process of its own, and kills it as soon as its folder is as it should be.
    private func runAndKill(when isReady: (String) -> Bool) async throws {
        let process = Process()
        process.executableURL = URL(filePath: Needs.reprise)
        process.arguments = [
            "run", Needs.root.appending(path: "scenarios/leflux.yaml").path, "--clients", "60", "--duration", "30s",
            "--out", folder, "--quiet", "--seed", "1", "--generator", "warn",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer { kill(process.processIdentifier, SIGKILL) }
        let deadline = ContinuousClock.now + .seconds(60)
        var ready = false
        while !ready, process.isRunning, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
            ready = isReady(folder)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try #require(ready, "the run came to nothing")
        #expect(process.terminationReason == .uncaughtSignal)
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/summary.json"))
    }

    private func report() async throws -> SummaryFile {
        let (output, code) = try await Script.exit([Needs.reprise, "report", folder])
        #expect(code == 105)
        #expect(output.hasPrefix("leflux: FAILED: the run ended before its time"))
        #expect(output.contains("\(folder)/junit.xml"))
        return try #require(try StoredRun(directory: folder).summary)
    }

    /// The sums of the timeline's rows, by group and name.
    private func sums(where isCounted: (StoredTimeline.Point) -> Bool) throws -> [String: Int] {
        var sums: [String: Int] = [:]
        let timeline = try StoredTimeline(path: "\(folder)/timeline.csv")
        for (key, points) in timeline.series where key.metric != "clients.active" {
            for point in points where isCounted(point) {
                sums["\(key.group)/\(key.metric)", default: 0] += point.count ?? 0
            }
        }
        return sums
    }

    /// Holds counters and distributions to the sums of the timeline.
    private func expectSums(_ summary: SummaryFile) throws {
        let counters = try sums { $0.max == nil }
        #expect(counters.count > 20)
        for counter in summary.counters where counter.counter != "clients.active" {
            #expect(counter.count == counters["\(counter.group)/\(counter.counter)"] ?? 0, "\(counter.counter)")
        }
        #expect(Set(counters.keys).isSubset(of: summary.counters.map { "\($0.group)/\($0.counter)" }))
        // The kill may have come between the second's lines in one file and in the other.
        let log = try HistogramLog(path: "\(folder)/latency.hlog")
        let end = log.intervals.map { $0.start + $0.length }.max() ?? 0
        let distributions = try sums { $0.max != nil && Double($0.second) < end - 0.5 }
        #expect(distributions.count > 20)
        #expect(summary.metrics.count == distributions.count)
        for metric in summary.metrics {
            #expect(metric.count == distributions["\(metric.group)/\(metric.metric)"], "\(metric.metric)")
        }
    }

    @Test("It leaves what it had measured, and the reports made of that have the timeline's sums")
    func killed() async throws {
        defer { remove() }
        // What is written out each second is there while the run goes on.
        try await runAndKill { folder in
            let seconds = (try? StoredTimeline(path: "\(folder)/timeline.csv"))?.seconds.count ?? 0
            guard seconds >= 3, let log = try? HistogramLog(path: "\(folder)/latency.hlog") else { return false }
            return Set(log.intervals.map { Int($0.start) }).isSuperset(of: 0..<seconds)
        }
        let summary = try await report()
        #expect(summary.rebuilt == true)
        #expect(summary.verdict.exitCode == 105)
        #expect(summary.seconds >= 3)
        #expect(summary.checks.count == 9)
        #expect(summary.checks.first { $0.check == "stream.broken == 0" }?.outcome == "passed")
        try expectSums(summary)
        let loops = try ResultTable(path: "\(folder)/loops.csv").rows.count
        #expect(summary.loops.total == loops)

        // The same folder with a torn last line in each file.
        for name in ["timeline.csv", "latency.hlog", "loops.csv"] {
            let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
            try data.dropLast(7).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        let torn = try await report()
        let counters = try sums { $0.max == nil }
        for counter in torn.counters where counter.counter != "clients.active" {
            #expect(counter.count == counters["\(counter.group)/\(counter.counter)"] ?? 0, "\(counter.counter)")
        }
        #expect(torn.loops.total == max(loops - 1, 0))
    }

    @Test("It leaves a folder that can be read from the moment in which there is one")
    func atOnce() async throws {
        defer { remove() }
        try await runAndKill { FileManager.default.fileExists(atPath: "\($0)/run.json") }
        let summary = try await report()
        #expect(summary.verdict.exitCode == 105)
        #expect(summary.seconds <= 1)
    }
}

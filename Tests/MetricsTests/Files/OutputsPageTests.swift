import Foundation
import Testing

@testable import Metrics

/// docs/outputs.md against what is written: nothing may be missing on either side.
@Suite("docs/outputs.md")
struct OutputsPageTests {
    private static let page: String = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/outputs.md")
        return (try? String(contentsOf: file.standardized, encoding: .utf8)) ?? ""
    }()

    /// The lines under the heading of a file.
    private static func section(_ name: String) -> [Substring] {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        return Array(lines.drop { $0 != "## `\(name)`" }.dropFirst().prefix { !$0.hasPrefix("## ") })
    }

    /// The first cells of a section's table: what stands between backticks there.
    private static func names(_ file: String) -> [String] {
        section(file).filter { $0.hasPrefix("| `") }.compactMap { line in
            line.split(separator: "`").dropFirst().first.map(String.init)
        }
    }

    /// The lines of the section's first block of code.
    private static func example(_ file: String) -> [Substring] {
        Array(section(file).drop { !$0.hasPrefix("```") }.dropFirst().prefix { !$0.hasPrefix("```") })
    }

    @Test(
        "every column of every file stands there, in the file's order, and an example line has as many",
        arguments: [
            ("latency.csv", LatencyFile.header), ("timeline.csv", TimelineFile.header),
            ("counters.csv", CountersFile.header), ("errors.csv", ErrorsFile.header),
            ("loops.csv", LoopsFile.header), ("deviations.csv", DeviationsFile.header),
        ]
    )
    func columns(file: String, header: String) throws {
        let columns = header.dropLast(1).split(separator: ",").map(String.init)
        #expect(Self.names(file) == columns)
        let lines = Self.example(file)
        #expect(!lines.isEmpty)
        for line in lines {
            #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == columns.count, "\(line)")
        }
    }

    @Test("the fields of the histogram log stand there, and its example can be read")
    func log() throws {
        var file = try HistogramLogFile(table: MetricTable(groups: []), plannedSeconds: 0)
        let head = try file.lines(of: SampleRun().seconds[0]).split(separator: "\n")
        let legend = try #require(head.first { $0.hasPrefix("\"") })
        let columns = legend.split(separator: ",").map { String($0.dropFirst().dropLast()) }
        #expect(Self.names("latency.hlog") == ["Tag"] + columns)
        let log = HistogramLog(data: Data((Self.example("latency.hlog").joined(separator: "\n") + "\n").utf8))
        #expect(log.damagedLines == 0)
        #expect(log.intervals.map(\.metric) == ["connect.dns"])
        #expect(log.intervals.first?.histogram.max == 122)
    }

    @Test("the properties of junit.xml stand there")
    func junit() {
        let run = SampleRun().file()
        let text = JUnitFile(summary: SummaryFile(SampleRun().summary, redactor: Redactor()), run: run).text
        let names = text.components(separatedBy: "<property name=\"").dropFirst().map {
            String($0.prefix { $0 != "\"" })
        }
        #expect(Self.names("junit.xml") == names)
    }

    @Test("every key of run.json stands there, and no other")
    func run() throws {
        let names = CheckNames(groups: ["visitor"], phases: ["steady"], measures: ["join"])
        let checks = try ["visitor/steady:join.p99 < 1s", "calm:join.p50 < 1s"].map {
            try Check.parse($0, names: names)
        }
        var run = SampleRun().file(checks)
        run.description = "A sample."
        run.environment = ["TOKEN"]
        run.generatorOnlyWarns = false
        run.load[0].limit = 3
        run.faults = [RunFile.Fault(at: 1, text: "drop")]
        let keys = try Self.keys(of: [run], same: [:])
        let documented = Set(Self.names("run.json"))
        #expect(keys.subtracting(documented).sorted() == [])
        #expect(documented.subtracting(keys).sorted() == [])
    }

    @Test("every key of summary.json stands there, and no other")
    func summary() throws {
        let checks = try ["join.p50 < 1s", "heartbeat.rtt.p50 < 1s"].map {
            try Check.parse($0, names: CheckNames(measures: ["join"]))
        }
        var sample = SampleRun(checks: checks).summary
        sample.wasRebuilt = true
        sample.generator = GeneratorVerdict(isBottleneck: true, reasons: ["late"], warnings: ["hot"])
        sample.health.usage?.busiestThread = 0.5
        for _ in 0..<100 { sample.health.lag.record(1) }
        sample.totals.warmup = sample.totals.overall
        var scraped = ScrapedFigures()
        scraped.add(
            [ScrapedRow(series: "requests_total", kind: .counter, value: 3, seconds: 1, isNews: true)],
            isWarmup: false
        )
        sample.scraped = scraped
        let parts = try [
            sample, DeviationsFileTests.summary(), FaultReportTests().summary,
            Self.summary(command: .signalled(9)), Self.summary(command: .notStarted("no")),
        ].map { SummaryFile($0, redactor: Redactor()) }
        let same = [
            "phases[].metrics[].": "metrics[].", "phases[].counters[].": "counters[].",
            "phases[].ratios[].": "ratios[].",
            "faultTime.calm.metrics[].": "metrics[].", "faultTime.fault.metrics[].": "metrics[].",
            "warmupErrors[].": "errors[].", "loops.longest.": "loops.first[].",
        ]
        var keys = try Self.keys(of: parts, same: same)
        // What these hold stands elsewhere, so that they have a line of their own.
        keys.formUnion(
            ["warmupErrors[]", "loops.longest"] + ["metrics", "counters", "ratios"].map { "phases[].\($0)[]" }
        )
        keys.formUnion(["faultTime.calm.metrics[]", "faultTime.fault.metrics[]"])
        let documented = Set(Self.names("summary.json"))
        #expect(keys.subtracting(documented).sorted() == [])
        #expect(documented.subtracting(keys).sorted() == [])
    }

    private static func summary(command exit: CommandOutcome.Exit) -> RunSummary {
        var summary = SampleRun().summary
        summary.faults = [
            FaultMark(kind: .run, text: "x", place: "x", begin: 0, end: 1, command: CommandOutcome(exit: exit))
        ]
        return summary
    }

    /// The paths of all values in these, such as `checks[].text`.
    ///
    /// They must have every property between them, in one of them at least; else the page could not be held to it.
    private static func keys(of files: [some Encodable], same: [String: String]) throws -> Set<String> {
        var keys: Set<String> = []
        var properties: Set<String> = []
        for file in files {
            let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(file))
            keys.formUnion(paths(object, ""))
            properties.formUnion(declared(file, ""))
        }
        let seen = keys.reduce(into: Set<String>()) { seen, key in
            var path = ""
            for part in key.split(separator: ".") {
                path += (path.isEmpty ? "" : ".") + part
                seen.insert(path)
                if path.hasSuffix("[]") { seen.insert(String(path.dropLast(2))) }
            }
        }
        #expect(properties.subtracting(seen).sorted() == [], "no sample has these")
        return Set(
            keys.map { key in
                let prefix = same.first { key.hasPrefix($0.key) }
                let key = prefix.map { $0.value + key.dropFirst($0.key.count) } ?? key
                for names in ["percentiles.", "versions."] {
                    if let range = key.range(of: names) { return key[..<range.upperBound] + "NAME" }
                }
                return key
            }
        )
    }

    /// The paths of all properties, also of those that are nil.
    private static func declared(_ value: Any, _ path: String) -> Set<String> {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .struct:
            return mirror.children.reduce(into: []) { found, child in
                guard let label = child.label else { return }
                let inner = path.isEmpty ? label : "\(path).\(label)"
                found.insert(inner)
                found.formUnion(declared(child.value, inner))
            }
        case .optional: return mirror.children.first.map { declared($0.value, path) } ?? []
        case .collection: return mirror.children.reduce(into: []) { $0.formUnion(declared($1.value, "\(path)[]")) }
        default: return []
        }
    }

    private static func paths(_ value: Any, _ path: String) -> Set<String> {
        if let object = value as? [String: Any] {
            return object.reduce(into: []) {
                $0.formUnion(paths($1.value, path.isEmpty ? $1.key : "\(path).\($1.key)"))
            }
        }
        if let array = value as? [Any] {
            return array.reduce(into: []) { $0.formUnion(paths($1, "\(path)[]")) }
        }
        return [path]
    }
}

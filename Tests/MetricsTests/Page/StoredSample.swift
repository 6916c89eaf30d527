import Foundation

@testable import Metrics

/// A folder of results, made up: everything that a report shows, with names of the test's choosing.
struct StoredSample {
    var seconds = 20
    var groups = ["visitor", "dashboard"]
    /// Operations with a latency.
    var operations = ["join", "ask"]
    /// Stands in every name and text.
    var word = "plain"
    var faults = 1
    var passed = true
    var bottleneck = false
    var isFinished = true
    var isRebuilt: Bool?
    var scrapes = ["scrape:process_cpu_seconds_total", "scrape:rooms{state=\"open\"}"]

    static let stream = "answer"
    static let plan = "task"

    /// The value of an operation in a second, in milliseconds; every one has a worst second of its own.
    func p99(_ operation: Int, second: Int) -> Double {
        let usual = 10 + Double((second * 7 + operation * 13) % 90) / 10
        return second == worstSecond(operation) ? usual * 9 + Double(operation) : usual
    }

    func worstSecond(_ operation: Int) -> Int { (operation * 577 + seconds / 3) % seconds }

    /// Reads it as it is read from a folder.
    func stored() throws -> StoredRun {
        let directory = NSTemporaryDirectory() + "report-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        func write(_ name: String, _ data: Data) throws {
            try data.write(to: URL(filePath: "\(directory)/\(name)"))
        }
        try write("run.json", JSONEncoder().encode(run))
        if isFinished { try write("summary.json", JSONEncoder().encode(summary())) }
        try write("timeline.csv", Data(timeline.utf8))
        return try StoredRun(directory: directory)
    }

    private var names: [String] { operations.map { "\($0) \(word)" } }

    private var run: RunFile {
        RunFile(
            scenario: "sample \(word)",
            description: "Described: \(word).",
            file: "scenarios/\(word).yaml",
            text: "name: \(word)\n",
            targets: ["ws://localhost/\(word)"],
            startedAt: "2026-01-31T09:05:00.000Z",
            startEpochMilliseconds: 1_769_850_300_000,
            seed: 42,
            options: ["run", "scenarios/\(word).yaml", "--header", "X: it's"],
            keepFailures: 1,
            groups: groups,
            load: [
                RunFile.Phase(name: nil, seconds: Double(seconds) / 2, model: "clients", from: 0, to: 100),
                RunFile.Phase(
                    name: "steady \(word)",
                    seconds: Double(seconds) / 2,
                    model: "arrivals",
                    from: 5,
                    to: 5,
                    limit: 9
                ),
            ],
            faults: [],
            checks: ["\(operations[0]).p99 < 1s"],
            graceSeconds: 3,
            warmupSeconds: 0,
            environment: ["TARGET_\(word)"],
            versions: ["reprise": "0.1.0"],
            machine: RunFile.Machine(host: word, system: "Linux", cores: 2, memoryBytes: 1 << 33, threads: 2)
        )
    }

    func summary() throws -> SummaryFile {
        try SummaryFile(
            schema: SummaryFile.schema,
            scenario: "sample \(word)",
            target: "ws://localhost/\(word)",
            startedAt: "2026-01-31T09:05:00.000Z",
            seconds: Double(seconds),
            measuredSeconds: Double(seconds),
            verdict: SummaryFile.Verdict(
                passed: passed,
                exitCode: passed ? 0 : bottleneck ? 111 : 99,
                text: passed ? "PASSED: the check holds" : "FAILED: 1 of 1 check failed \(word)"
            ),
            checks: [
                SummaryFile.CheckLine(
                    check: "\(groups[0])/\(names[0]).p99 < 1s",
                    outcome: passed ? "passed" : "failed",
                    optional: false,
                    metric: names[0],
                    unit: "ms",
                    actual: 99,
                    threshold: 1000,
                    text: "99 ms \(word)"
                )
            ],
            metrics: metrics,
            counters: counters,
            ratios: [SummaryFile.Ratio(group: "all", ratio: "errors.rate", value: 0.25)],
            errors: groups.map {
                SummaryFile.ErrorLine(group: $0, kind: "closed.1006", count: 2, firstSecond: 3, example: "said \(word)")
            },
            warmupErrors: [],
            loops: loops,
            generator: generator,
            phases: [],
            faults: (0..<faults).map(fault),
            failures: [
                SummaryFile.FailedClient(
                    file: "failures/0001-\(word).rec.jsonl",
                    group: groups[0],
                    kind: "timeout",
                    step: "await \(word)",
                    example: "nothing came \(word)"
                )
            ],
            faultTime: SummaryFile.FaultSplit(
                calm: SummaryFile.FaultSplit.Part(seconds: 15, metrics: metrics),
                fault: SummaryFile.FaultSplit.Part(seconds: 5, metrics: metrics)
            ),
            deviations: [Deviation(event: "event \(word)").line()],
            scraped: nil,
            notes: ["something `to` note: \(word)"],
            rebuilt: isRebuilt
        )
    }

    private var metrics: [SummaryFile.Metric] {
        let times =
            names + names.map { "\($0).service" } + ["first_chunk", "gap", "duration"].map { "\(Self.stream).\($0)" }
            + ["round_trip", "duration"].map { "\(Self.plan).\($0)" }
            + ["fanout", "reconnect.recover", "stall.drain", "generator.lag"]
        let sizes = ["\(Self.plan).plans", "reconnect.attempts"]
        return (groups + ["all"]).flatMap { group in
            times.enumerated().map { place, name in metric(group, name, "ms", place) }
                + sizes.enumerated().map { place, name in metric(group, name, "count", place) }
        }
    }

    private func metric(_ group: String, _ name: String, _ unit: String, _ place: Int) -> SummaryFile.Metric {
        let value = Double(place + 1)
        return SummaryFile.Metric(
            group: group,
            metric: name,
            unit: unit,
            count: 1000 + place,
            rate: 50,
            min: value,
            mean: value * 2,
            stddev: value,
            percentiles: ["p50": value * 2, "p75": value * 3, "p90": value * 4, "p95": value * 5, "p99": value * 6],
            max: value * 10
        )
    }

    private var counters: [SummaryFile.Counter] {
        let counts = [
            ("clients.active", 100), ("messages.sent", 4000), ("messages.received", 5000), ("operations", 400),
            ("operations.failed", 100), ("mine \(word)", 7), ("reconnect.lost", 9), ("reconnect.recovered", 8),
            ("stall.closed", 1), ("fanout.expected", 50), ("fanout.received", 48), ("fanout.missing", 2),
            ("\(Self.stream).complete", 90), ("\(Self.stream).broken", 10), ("\(Self.stream).missing", 6),
            ("\(Self.plan).completed", 30), ("\(Self.plan).client_limited", 4), ("\(Self.plan).runaway", 3),
            ("replay.deviations", 1),
        ]
        return (groups + ["all"]).flatMap { group in
            counts.map { SummaryFile.Counter(group: group, counter: $0.0, count: $0.1, rate: Double($0.1) / 20) }
        }
    }

    private var loops: SummaryFile.Loops {
        let line = SummaryFile.Loops.Line(
            client: 7,
            task: Self.plan,
            plans: 31,
            outcome: "runaway",
            cycle: "click → \(word)",
            repeats: 9,
            seconds: 1.5
        )
        return SummaryFile.Loops(
            total: 3,
            counts: [SummaryFile.Loops.Count(task: Self.plan, outcome: "runaway", count: 3)],
            first: [line],
            longest: line
        )
    }

    private var generator: SummaryFile.Generator {
        SummaryFile.Generator(
            bottleneck: bottleneck,
            reasons: bottleneck ? ["It was late \(word)."] : [],
            warnings: ["A thread was busy \(word)."],
            lagP50: 0.1,
            lagP99: 1.5,
            lagMax: 9,
            stalledSeconds: 0.2,
            lateSends: 3,
            cpuSeconds: 4,
            wallSeconds: 20,
            cores: 2,
            cpu: 0.1,
            busiestThread: 0.2,
            memoryBytes: 50_000_000,
            descriptors: 120
        )
    }

    private func fault(_ number: Int) -> SummaryFile.FaultLine {
        let begin = Double(seconds) * Double(number + 1) / Double(faults + 1)
        return SummaryFile.FaultLine(
            kind: "run",
            text: "run \(word)",
            place: "sample.yaml:7:3",
            begin: begin,
            second: Int(begin),
            clients: 0,
            unrecovered: 0,
            end: begin + 2,
            command: SummaryFile.FaultLine.Command(
                exitCode: 1,
                signal: nil,
                endedWithRun: false,
                leftProcesses: false,
                failure: nil,
                output: "it said \(word)",
                outputOmitted: 0,
                outputEnd: ""
            )
        )
    }
}

/// A line of a replay's deviations, as the file has it.
private struct Deviation: Encodable {
    let event: String
    var recorded = 5
    var expected = 5
    var came = 4
    var missing = 1
    var extra = 0
    var reordered = 0
    var slower = 0

    func line() throws -> SummaryFile.DeviationLine {
        try JSONDecoder().decode(SummaryFile.DeviationLine.self, from: JSONEncoder().encode(self))
    }
}

extension StoredSample {
    fileprivate var timeline: String {
        var text = TimelineFile.header
        let names = names
        for second in 0..<seconds {
            let start =
                "\(second),\(1_769_850_300_000 + second * 1000),\(second < seconds / 2 ? "1" : Self.cell("steady \(word)"))"
            func row(_ group: String, _ metric: String, _ rest: String) {
                text += "\(start),\(Self.cell(group)),\(Self.cell(metric)),\(rest)\r\n"
            }
            for group in groups + ["all"] {
                row(group, "clients.active", "\(min(second * 10, 100)),,,,,")
                row(group, "messages.received", "\(second * 3),\(second * 3).000,,,,")
                row(group, "errors.closed.1006", "1,1.000,,,,")
                // Of single groups the page reads what a check reads.
                for (place, name) in names.enumerated() where group == "all" || place == 0 {
                    let p99 = p99(place, second: second)
                    row(group, name, "100,100.000,\(p99 / 4),\(p99 / 2),\(p99),\(p99 * 1.5)")
                }
            }
            row("all", "generator.lag", "1000,1000.000,0.1,0.5,\(second % 5).25,\(second % 5 + 1).5")
            for (place, name) in scrapes.enumerated() { row("all", name, ",,,,,\(second % (place + 2)).5") }
        }
        return text
    }

    private static func cell(_ text: String) -> String {
        "\"\(text.replacing("\"", with: "\"\""))\""
    }
}

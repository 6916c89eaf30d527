import Foundation

@testable import Metrics

/// A run that nobody made: latencies whose level wanders from second to second, so that neighbours resemble one another.
struct SyntheticRun {
    var seconds = 60
    /// Samples of a second.
    var samples = 30
    /// The median, in microseconds.
    var latency = 20_000.0
    /// The standard deviation of a second's level, as a part of it, and how much of it stays from second to second.
    var wander = 0.03
    var memory = 0.7
    /// The standard deviation of a sample's logarithm.
    var width = 0.3
    /// How far the whole run is off, as a part.
    var offset = 0.0
    /// Whether there are counters beside the latencies.
    var hasCounters = true
    var failuresPerSecond = 0
    var messagesPerSecond = 100
    var load: [RunFile.Phase]?
    var groups = ["visitor"]
    var metrics = ["join"]
    var checks: [String] = []
    var isPaced: Bool?
    var scenario = "synthetic"
    var text = "name: synthetic\n"
    var host = "here"
    var directory = "results/run"
    var seed: UInt64
    /// Of its own, unless said.
    var startEpochMilliseconds: Int64?
    /// Killed after so many seconds.
    var end: Int?
    /// For how many seconds samples stand together.
    var grain = 1
    /// By how much a second is slower, as a part, because of the load or of its neighbours.
    var level: (_ second: Int) -> Double = { _ in 0 }
    /// In microseconds; of one part in fifty ten times as much. None where nil.
    var lag: Int? = 100
    /// Counts that stand in for those of every second.
    var counts: ((_ second: Int) -> [(String, Int)])?

    init(seed: UInt64) { self.seed = seed }

    /// A ramp of five seconds, and a steady phase of what is left.
    var phases: [RunFile.Phase] {
        load ?? [
            RunFile.Phase(name: nil, seconds: 5, model: "clients", from: 0, to: 50),
            RunFile.Phase(name: "steady", seconds: Double(seconds - 5), model: "clients", from: 50, to: 50),
        ]
    }

    var file: RunFile {
        RunFile(
            scenario: scenario,
            description: nil,
            file: "synthetic.yaml",
            text: text,
            targets: ["ws://localhost"],
            startedAt: "12:00:00.000",
            startEpochMilliseconds: startEpochMilliseconds ?? 1_700_000_000_000 + Int64(seed),
            seed: 1,
            options: ["run"],
            keepFailures: 0,
            groups: groups,
            load: phases,
            faults: [],
            checks: checks,
            graceSeconds: 1,
            warmupSeconds: 0,
            environment: [],
            versions: ["reprise": "0.1.0"],
            machine: RunFile.Machine(host: host, system: "Linux", cores: 2, memoryBytes: 1 << 33, threads: 1),
            isPaced: isPaced
        )
    }

    var run: ComparedRun {
        var random = SeededGenerator(seed: seed)
        var level = normal(&random) * wander
        var measured: [ComparedRun.Sample] = []
        var rows = ""
        let total = Int(phases.reduce(0) { $0 + $1.seconds })
        for second in 0...(end ?? max(total, load == nil ? seconds : 0)) {
            let step = wander * (1 - memory * memory).squareRoot()
            level = memory * level + step * normal(&random)
            let start = Double(second / grain * grain)
            if let lag {
                var histogram = Histogram()
                histogram.record(lag, times: 49)
                histogram.record(lag * 10)
                measured.append(
                    ComparedRun.Sample(
                        start: start,
                        length: Double(grain),
                        group: "all",
                        metric: "generator.lag",
                        histogram: histogram
                    )
                )
            }
            for metric in metrics {
                for group in groups {
                    var histogram = Histogram()
                    for _ in 0..<samples {
                        histogram.record(
                            Int(latency * exp(offset + level + self.level(second) + width * normal(&random)))
                        )
                    }
                    measured.append(
                        ComparedRun.Sample(
                            start: start,
                            length: Double(grain),
                            group: group,
                            metric: metric,
                            histogram: histogram
                        )
                    )
                }
            }
            if !hasCounters {
                rows += "\(second),\(second * 1000),steady,all,clients.active,50,,,,,\r\n"
                continue
            }
            let failures = failuresPerSecond
            for (counter, count) in counts?(second) ?? [
                ("messages.received", messagesPerSecond + Int.random(in: -5...5, using: &random)),
                ("operations", samples), ("operations.failed", failures), ("join.count", samples),
                ("join.failed", failures),
            ] where count > 0 {
                rows += "\(second),\(second * 1000),steady,all,\(counter),\(count),\(count).000,,,,\r\n"
            }
        }
        var run = ComparedRun(
            directory: directory,
            run: file,
            summary: nil,
            timeline: StoredTimeline(bytes: Array((TimelineFile.header + rows).utf8)),
            grain: grain
        )
        for sample in measured { run.add(sample) }
        return run
    }

    private func normal(_ random: inout SeededGenerator) -> Double {
        let first = Double.random(in: Double.leastNonzeroMagnitude..<1, using: &random)
        let second = Double.random(in: 0..<1, using: &random)
        return (-2 * log(first)).squareRoot() * cos(2 * Double.pi * second)
    }
}

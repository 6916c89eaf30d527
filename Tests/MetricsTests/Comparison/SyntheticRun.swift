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
    var scenario = "synthetic"
    var text = "name: synthetic\n"
    var host = "here"
    var directory = "results/run"
    var seed: UInt64

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
            startEpochMilliseconds: 1_700_000_000_000,
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
            machine: RunFile.Machine(host: host, system: "Linux", cores: 2, memoryBytes: 1 << 33, threads: 1)
        )
    }

    var run: ComparedRun {
        var random = SeededGenerator(seed: seed)
        var level = normal(&random) * wander
        var measured: [ComparedRun.Sample] = []
        var rows = ""
        for second in 0...seconds {
            let step = wander * (1 - memory * memory).squareRoot()
            level = memory * level + step * normal(&random)
            for metric in metrics {
                for group in groups {
                    var histogram = Histogram()
                    for _ in 0..<samples {
                        histogram.record(Int(latency * exp(offset + level + width * normal(&random))))
                    }
                    measured.append(
                        ComparedRun.Sample(
                            start: Double(second),
                            length: 1,
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
            for (counter, count) in [
                ("messages.received", messagesPerSecond + Int.random(in: -5...5, using: &random)),
                ("operations", samples), ("operations.failed", failures), ("join.count", samples),
                ("join.failed", failures),
            ] where count > 0 {
                rows += "\(second),\(second * 1000),steady,all,\(counter),\(count),\(count).000,,,,\r\n"
            }
        }
        return ComparedRun(
            directory: directory,
            run: file,
            summary: nil,
            timeline: StoredTimeline(bytes: Array((TimelineFile.header + rows).utf8)),
            samples: measured
        )
    }

    private func normal(_ random: inout SeededGenerator) -> Double {
        let first = Double.random(in: Double.leastNonzeroMagnitude..<1, using: &random)
        let second = Double.random(in: 0..<1, using: &random)
        return (-2 * log(first)).squareRoot() * cos(2 * Double.pi * second)
    }
}

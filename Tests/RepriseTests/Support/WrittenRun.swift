import Foundation
import Metrics

/// The results of a run that nobody made, written by what writes those of real ones.
struct WrittenRun {
    /// With a ramp of five seconds.
    var seconds = 48
    /// Of a join, in milliseconds; every block of every run has the same samples but for a little.
    var latency = 20.0
    var clients = 50
    var scenario = "written"
    /// How late the generator's loops are, in milliseconds.
    var lag = 0.1
    /// Moves every second's latencies by up to one part in a hundred.
    var seed: UInt64 = 1

    /// Writes all the files into a folder, which is made.
    func write(to directory: String) throws {
        var table = MetricTable(groups: ["visitor"])
        let join = table.operation("join", latency: true)
        let folder = try ResultFolder(directory: directory, table: table, redactor: Redactor(secrets: []))
        folder.writeRun(file)
        var collector = Collector(
            table: table,
            workers: 1,
            phaseNames: [nil, "steady"],
            startEpochMilliseconds: file.startEpochMilliseconds
        )
        let recorder = Recorder(table: table, worker: 0)
        var state = seed
        for second in 0..<seconds {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let wander = 1 + (Double(state >> 40) / Double(1 << 24) - 0.5) / 50
            for sample in 0..<40 {
                let time = Int64(latency * wander * (0.8 + Double(sample) / 100) * 1e6)
                recorder.succeeded(join, group: 0, scheduled: time, service: time)
            }
            recorder.add(table.fixed.messagesReceived, group: 0, 200)
            for _ in 0..<100 { recorder.recordLag(nanoseconds: Int64(lag * 1e6)) }
            let snapshot = recorder.takeSnapshot(
                second: second,
                phase: second < 5 ? 0 : 1,
                isWarmup: false,
                at: Int64(second + 1) * 1_000_000_000,
                activeClients: [clients]
            )
            for complete in collector.add(snapshot) { folder.append(complete) }
        }
        folder.finish(
            RunSummary(
                scenario: scenario,
                target: "ws://localhost:3002",
                startEpochMilliseconds: file.startEpochMilliseconds,
                seconds: Double(seconds),
                totals: collector.totals,
                checks: []
            )
        )
    }

    private var file: RunFile {
        RunFile(
            scenario: scenario,
            description: nil,
            file: "written.yaml",
            text: "name: written\n",
            targets: ["ws://localhost:3002"],
            startedAt: "12:00:00.000",
            startEpochMilliseconds: 1_700_000_000_000 + Int64(seed),
            seed: seed,
            options: ["run", "written.yaml"],
            keepFailures: 0,
            groups: ["visitor"],
            load: [
                RunFile.Phase(name: nil, seconds: 5, model: "clients", from: 0, to: Double(clients)),
                RunFile.Phase(
                    name: "steady",
                    seconds: Double(seconds - 5),
                    model: "clients",
                    from: Double(clients),
                    to: Double(clients)
                ),
            ],
            faults: [],
            checks: [],
            graceSeconds: 0,
            warmupSeconds: 0,
            environment: [],
            versions: ["reprise": "0.1.0"],
            machine: RunFile.Machine(host: "here", system: "Linux", cores: 2, memoryBytes: 1 << 33, threads: 1)
        )
    }
}

import LoadRunner
import Metrics
import PracticeServer
import Scenarios
import Synchronization
import Testing

extension EngineRun {
    /// Plays a recording against a server.
    static func replay(
        _ recording: Recording,
        _ playing: Replay.Playing = Replay.Playing(clients: 1, ramp: .zero),
        target: String,
        threads: Int = 1,
        environment: [String: String] = [:],
        observer: EngineObserver = EngineObserver(),
        change: @escaping @Sendable (inout Scenario) -> Void = { _ in },
        configure: (inout RunConfiguration) -> Void = { _ in }
    ) async throws -> EngineRun {
        let replay = try #require(ReplayCompiler.compile(recording, source: "test.rec.jsonl", target: target))
        let reader = ScenarioReader(environment: environment, checkSyntax: CheckLanguage.problem(in:_:))
        return try await run(
            "",
            threads: threads,
            observer: observer,
            configure: { configuration in
                configuration.readScenario = {
                    var scenario = try replay.scenario(playing, checks: [], file: "test.rec.jsonl", reader: reader)
                    change(&scenario)
                    return scenario
                }
                configure(&configuration)
            }
        )
    }

    /// The same against a practice server in this process.
    ///
    /// - Parameter practice: `echo`, `leflux?chunks=5`.
    /// - Returns: What the run measured, and what the server knows to be true.
    static func replay(
        _ recording: Recording,
        _ playing: Replay.Playing = Replay.Playing(clients: 1, ramp: .zero),
        practice: String,
        threads: Int = 1,
        environment: [String: String] = [:]
    ) async throws -> (run: EngineRun, truth: Truth) {
        let truth = Mutex<Truth?>(nil)
        let keep: @Sendable (Truth) -> Void = { counted in truth.withLock { $0 = counted } }
        let run = try await replay(
            recording,
            playing,
            target: "practice:\(practice)",
            threads: threads,
            environment: environment,
            configure: { configuration in
                configuration.startPractice = { system, faults in
                    let server = try await PracticeServer.start(
                        .init(system: system, port: 0, seed: 7, faults: try Fault.parse(faults))
                    )
                    return StartedTarget(url: ServerURL(isSecure: false, host: "127.0.0.1", port: server.port)) {
                        try? await server.stop()
                        keep(await server.truth())
                    }
                }
            }
        )
        return (run, try #require(truth.withLock { $0 }))
    }

    /// The counters of deviations that are not 0, without `replay.` and the sum.
    ///
    /// Compared as a whole, so that a test sees what moved that should not have.
    var deviations: [String: Int] {
        var deviations: [String: Int] = [:]
        var names = Deviation.allCases.map { ("replay.\($0.name)", $0.name) }
        for event in result.totals.table.replay?.events ?? [] {
            for deviation in Deviation.allCases where deviation.isServers {
                names.append(("\(event.name).\(deviation.name)", "\(event.name).\(deviation.name)"))
            }
        }
        for (counter, name) in names {
            if let count = count(counter), count > 0 { deviations[name] = count }
        }
        return deviations
    }
}

import LoadRunner
import PracticeServer
import Scenarios
import Synchronization
import Testing

extension EngineRun {
    /// Runs a whole scenario whose target is a practice server, in this process.
    ///
    /// - Returns: What the run measured, and what the server knows to be true.
    static func runWithPractice(
        _ text: String,
        threads: Int = 1,
        environment: [String: String] = [:],
        keep failures: Int = 0
    ) async throws -> (run: EngineRun, truth: Truth) {
        let truth = Mutex<Truth?>(nil)
        let keep: @Sendable (Truth) -> Void = { counted in truth.withLock { $0 = counted } }
        let run = try await run(
            text,
            threads: threads,
            environment: environment,
            configure: { configuration in
                configuration.keptFailures = failures
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

    /// The counters of deliveries that are not 0, without their prefix.
    ///
    /// Compared as a whole, so that a test sees what moved that should not have.
    var deliveries: [String: Int] {
        let names = [
            "expected", "received", "missing", "late", "duplicated", "reordered", "replayed", "stray", "unsettled",
        ]
        var deliveries: [String: Int] = [:]
        for name in names {
            if let count = count("fanout.\(name)"), count > 0 { deliveries[name] = count }
        }
        return deliveries
    }
}

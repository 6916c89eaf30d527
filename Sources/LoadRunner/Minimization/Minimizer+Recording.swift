import Foundation
package import Scenarios
import Synchronization

extension Minimizer {
    /// Runs a scenario once more through the recording proxy.
    ///
    /// - Parameters:
    ///   - path: Where the recording goes; over what is there.
    ///   - seconds: How long the run may take.
    /// - Returns: What became of the run; the recording is there whether it failed or held.
    /// - Throws: `RunError`, `RecordingProxyError`, or `Refusal.interrupted`; nothing is written then.
    package func record(_ tree: ScenarioTree, to path: String, within seconds: Double) async throws -> Trial {
        let text = tree.text
        let scenario = try configuration.reader.read(text: text, file: configuration.file)
        let locations = scenario.groups.map(\.target.location)
        guard let location = locations.first, locations.allSatisfy({ $0 == location }) else {
            throw RecordingProxyError("its groups have several targets, and a recording has one")
        }
        switch location {
        case .server(let url):
            return try await record(text, scenario, url, path, seconds)
        case .practice(let system, let faults):
            let started = try await configuration.startPractice(system, faults)
            do {
                let trial = try await record(text, scenario, started.url, path, seconds)
                await started.stop()
                return trial
            } catch {
                await started.stop()
                throw error
            }
        }
    }

    private func record(
        _ text: String,
        _ scenario: Scenario,
        _ url: ServerURL,
        _ path: String,
        _ seconds: Double
    ) async throws -> Trial {
        var proxied = RecordingProxy.Configuration(target: url)
        proxied.port = 0
        if let target = scenario.groups.first?.target {
            proxied.authority = target.tls.authority.map { ($0.name, $0.bytes) }
            proxied.verify = target.tls.verify
        }
        // Beside its place, until it is whole; it goes where it does not become so.
        let raw = "\(path).part"
        unfinished.withLock { $0 = raw }
        defer { discardUnfinished() }
        let secrets = scenario.environment.compactMap(\.value)
        let proxy = try await RecordingProxy.start(proxied) { () throws(RecordingProxyError) in
            TrafficRecorder(
                file: try RecordingFile(path: raw, replaces: true, limit: 1_000_000_000),
                target: url,
                keepsSecrets: false,
                secrets: secrets,
                tellsEvents: false,
                tell: { _ in },
                finished: { _ in }
            )
        }
        let runner = TrialRunner(configuration: configuration, isInterrupted: { [self] in isInterrupted })
        let trial: Trial
        do {
            trial = try await runner.run(
                text,
                bounds: .init(seconds: seconds),
                target: ServerURL(isSecure: false, host: "127.0.0.1", port: proxy.port)
            )
        } catch {
            try? await proxy.stop()
            throw error
        }
        try await proxy.stop()
        if trial.verdict == .interrupted { throw Refusal.interrupted }
        guard rename(raw, path) == 0 else {
            throw RecordingProxyError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        return trial
    }

    /// Removes what there is of a recording that is being made, where there is one.
    package func discardUnfinished() {
        unfinished.withLock { path in
            if let path { try? FileManager.default.removeItem(atPath: path) }
            path = nil
        }
    }
}

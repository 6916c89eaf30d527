import Foundation
import Metrics
package import Scenarios
import Synchronization

extension Minimizer {
    /// Runs a scenario once more through the recording proxy.
    ///
    /// - Parameters:
    ///   - path: Where the recording goes; over what is there.
    ///   - seconds: How long the run may take.
    /// - Returns: What became of the run; the recording is there in any case.
    /// - Throws: `RunError`, `RecordingProxyError`, or where the recording cannot be written.
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
        // Beside its place, until what the environment keeps secret is out of it.
        let raw = "\(path).part"
        defer { try? FileManager.default.removeItem(atPath: raw) }
        let proxy = try await RecordingProxy.start(proxied) { () throws(RecordingProxyError) in
            TrafficRecorder(
                file: try RecordingFile(path: raw, replaces: true, limit: 1_000_000_000),
                target: url,
                keepsSecrets: false,
                tellsEvents: false,
                tell: { _ in },
                finished: { _ in }
            )
        }
        let runner = TrialRunner(configuration: configuration, isInterrupted: { false })
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
        try Self.keep(raw, as: path, without: scenario.environment.compactMap(\.value))
        return trial
    }

    /// Puts the recording in its place, without the values of environment variables.
    private static func keep(_ raw: String, as path: String, without secrets: [String]) throws {
        if !secrets.isEmpty {
            let redacted = Redactor(secrets: secrets).apply(try String(contentsOfFile: raw, encoding: .utf8))
            let handle = try FileHandle(forWritingTo: URL(filePath: raw))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: Data(redacted.utf8))
            try handle.close()
        }
        guard rename(raw, path) == 0 else {
            throw RecordingProxyError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}

import Foundation
import NIOCore
import PracticeServer
import Testing

@testable import LoadRunner
@testable import Scenarios

/// Runs of a scenario through a recording proxy, before a practice server of their own.
enum ProxiedRun {
    /// What stands in a scenario for the address of the proxy.
    static let target = "http://127.0.0.1:1"

    /// - Parameters:
    ///   - files: What the scenario's `binary:` names.
    /// - Returns: What was recorded.
    static func record(
        _ scenario: String,
        files: [Converter.File] = [],
        system: String
    ) async throws -> Recording {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-round-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for file in files {
            let path = folder.appending(path: file.name)
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(file.bytes).write(to: path)
        }
        let output = folder.appending(path: "second.rec.jsonl").path
        let server = try await PracticeServer.start(.init(system: system, port: 0))
        do {
            try await run(scenario, in: folder, to: output, server: server.port)
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
        let (recording, warnings) = try Recording.read(path: output)
        #expect(warnings.isEmpty)
        return recording
    }

    private static func run(
        _ scenario: String,
        in folder: URL,
        to output: String,
        server port: Int
    ) async throws {
        var configuration = RecordingProxy.Configuration(
            target: ServerURL(isSecure: false, host: "127.0.0.1", port: port)
        )
        configuration.port = 0
        let proxy = try await RecordingProxy.start(configuration) { () throws(RecordingProxyError) in
            TrafficRecorder(
                file: try RecordingFile(path: output, replaces: false, limit: 1 << 30),
                target: ServerURL(isSecure: false, host: "127.0.0.1", port: port),
                keepsSecrets: true,
                tellsEvents: false,
                tell: { _ in },
                finished: { _ in }
            )
        }
        let text = scenario.replacing("http://127.0.0.1:1", with: "http://127.0.0.1:\(proxy.port)")
        do {
            let run = try await EngineRun.run(
                "",
                configure: { configuration in
                    let reader = ScenarioReader(environment: [:], checkSyntax: { _, _ in nil })
                    let file = folder.appending(path: "scenario.yaml").path
                    configuration.readScenario = { try reader.read(text: text, file: file) }
                }
            )
            #expect(run.errors == [:], "\(run.examples)\n\(text)")
            #expect(run.count("clients.finished") == run.count("clients.started"), "\(text)")
        } catch {
            try? await proxy.stop(within: .zero)
            throw error
        }
        try await proxy.stop(within: .milliseconds(100))
    }
}

import Foundation
import NIOCore
import Synchronization
import Testing

@testable import LoadRunner
@testable import Scenarios

/// A secret of its own in every place where a client or a server may say one, each said once and nowhere else.
@Suite("Secrets through the recording proxy", .serialized, .timeLimit(.minutes(1)))
struct PlantedSecretsEndToEndTests {
    /// The places, which name the secrets.
    private static let places = [
        "query", "cookie", "bearer", "api-key", "set-cookie", "userinfo", "location", "json", "nested", "answer",
        "form",
        "text", "auth", "event", "polled", "binary", "error", "deep", "frame", "reason", "subprotocol", "path",
    ]

    private static func secret(_ place: String) -> String { "pl4nted-\(place)-S3cret" }

    /// What was written and told.
    private struct Outcome {
        var file: String
        var recording: Recording
        var told: [String]
    }

    private func record(keepsSecrets: Bool) async throws -> Outcome {
        let path = FileManager.default.temporaryDirectory.appending(path: "reprise-secrets-\(UUID()).rec.jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let told = Mutex<[String]>([])
        let tell: @Sendable (String) -> Void = { line in told.withLock { $0.append(line) } }
        try await ProxyBench.run(
            onBytes: { PlantedTraffic.answer($0, Self.secret) },
            sink: { () throws(RecordingProxyError) in
                TrafficRecorder(
                    file: try RecordingFile(path: path, replaces: false, limit: 1 << 30),
                    target: ServerURL(isSecure: false, host: "localhost", port: 1),
                    keepsSecrets: keepsSecrets,
                    tellsEvents: true,
                    tell: tell,
                    finished: { _ in }
                )
            }
        ) { bench in
            try await PlantedTraffic.talk(to: bench, Self.secret)
        }
        let file = try String(contentsOfFile: path, encoding: .utf8)
        return Outcome(file: file, recording: try Recording.read(path: path).recording, told: told.withLock { $0 })
    }

    /// All bytes that were said, binary ones as they are.
    private func bodies(_ recording: Recording) -> String {
        recording.entries.map { entry in
            switch entry.content {
            case .in(let message), .out(let message): message.body.text
            case .http(let exchange): (exchange.requestBody?.text ?? "") + (exchange.responseBody?.text ?? "")
            case .open, .close, .error: ""
            }
        }
        .joined(separator: "\n")
    }

    @Test("None of them is in the file, the live lines or the scenario that is made of it")
    func redacted() async throws {
        let outcome = try await record(keepsSecrets: false)
        let scenario = try #require(Converter.convert(outcome.recording, source: "a.rec.jsonl"))
        let written = [
            outcome.file, bodies(outcome.recording), outcome.told.joined(separator: "\n"), scenario.scenario,
            scenario.warnings.joined(), scenario.files.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(),
        ]
        for place in Self.places {
            for (number, text) in written.enumerated() {
                #expect(!text.contains(Self.secret(place)), "the secret of \(place) in \(number)")
            }
        }
        #expect(outcome.told.count > 10)
        #expect(scenario.environment.count > 5)
    }

    @Test("All of them are there with --keep-secrets")
    func kept() async throws {
        let outcome = try await record(keepsSecrets: true)
        let written = outcome.file + bodies(outcome.recording)
        for place in Self.places {
            #expect(written.contains(Self.secret(place)), "\(place)")
        }
    }

    @Test("A HAR file with them becomes a scenario without them, and with them where they are to be kept")
    func archive() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "a.har").path
        try Data(PlantedTraffic.archive(Self.secret).utf8).write(to: URL(filePath: path))
        let planted = [
            "query", "cookie", "bearer", "api-key", "json", "nested", "answer", "auth", "event", "deep", "path",
        ]
        for keepsSecrets in [false, true] {
            let recording = try RecordingSource.read(path: path, keepsSecrets: keepsSecrets).recording
            let scenario = try #require(Converter.convert(recording, source: "a.har"))
            let written = recording.text + scenario.scenario
            for place in planted {
                #expect(written.contains(Self.secret(place)) == keepsSecrets, "\(place)")
            }
        }
    }
}

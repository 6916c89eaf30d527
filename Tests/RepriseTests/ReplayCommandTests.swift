import ArgumentParser
import Foundation
import Testing

@testable import reprise

@Suite("What reprise replay takes")
struct ReplayCommandTests {
    private static func recording(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ScenariosTests/Fixtures/recordings/\(name).rec.jsonl").path
    }

    @Test("a recording and all of its options")
    func options() throws {
        let command = try ReplayCommand.parse([
            "a.rec.jsonl", "--target", "practice:leflux", "--clients", "500", "--speed", "2.5", "--ramp", "10s",
            "--tolerance", "1s", "--check", "replay.deviations == 0", "--check", "errors.rate == 0", "--seed", "1",
            "--out", "dir", "--threads", "2", "--quiet", "--json", "--keep-secrets",
        ])
        #expect(command.clients == 500)
        #expect(command.speed == 2.5)
        #expect(command.ramp?.duration == .seconds(10))
        #expect(command.tolerance?.duration == .seconds(1))
        #expect(command.checks == ["replay.deviations == 0", "errors.rate == 0"])
        #expect(command.options.threads == 2)
        #expect(try ReplayCommand.parse(["a", "--ramp", "0s"]).ramp?.duration == .zero)
        let plain = try ReplayCommand.parse(["a"])
        #expect(plain.clients == 1 && plain.speed == 1 && plain.ramp == nil && plain.tolerance == nil)
    }

    @Test(
        "what is out of range is wrong usage",
        arguments: [
            [], ["a", "b"], ["a", "--clients", "0"], ["a", "--speed", "0"], ["a", "--speed", "nan"],
            ["a", "--speed", "-1"], ["a", "--speed", "1001"], ["a", "--ramp", "soon"], ["a", "--tolerance", "0s"],
            ["a", "--threads", "0"],
        ]
    )
    func range(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try ReplayCommand.parse(arguments) }
        #expect(error.map { ReplayCommand.exitCode(for: $0).rawValue } == 64)
    }

    @Test("Options come from the environment too, also those that may be given several times")
    func environment() throws {
        let merged = EnvironmentOptions.merged(
            arguments: ["replay", "a", "--speed", "3"],
            environment: [
                "REPRISE_CLIENTS": "7", "REPRISE_SPEED": "2", "REPRISE_CHECK": "replay.deviations == 0",
                "REPRISE_KEEP_SECRETS": "1",
            ]
        )
        let command = try ReplayCommand.parse(Array(merged.dropFirst()))
        #expect(command.clients == 7 && command.speed == 3 && command.keepSecrets)
        #expect(command.checks == ["replay.deviations == 0"])
    }

    @Test("A file that is none to play, and secrets that nobody gave, end with the exit code of an invalid scenario")
    func invalid() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let empty = folder.appending(path: "empty.rec.jsonl")
        try Data(#"{"reprise":1,"target":"http://127.0.0.1:1"}"#.utf8).write(to: empty)
        let broken = folder.appending(path: "broken.rec.jsonl")
        try Data("{\"reprise\":1,\"target\":\"http://127.0.0.1:1\"}\n{}\n".utf8).write(to: broken)
        for path in [empty.path, broken.path, folder.path, "\(folder.path)/none", Self.recording("praxis")] {
            let error = await #expect(throws: ExitCode.self) {
                try await ReplayCommand.parse([path, "--out", folder.appending(path: "out").path]).run()
            }
            #expect(error?.rawValue == 104, "\(path)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out").path))
    }

    @Test("A check that asks for something unknown is wrong usage, and nothing is run")
    func unknownCheck() async throws {
        let command = try ReplayCommand.parse([Self.recording("flock"), "--check", "replay.deviation == 0"])
        let error = await #expect(throws: (any Error).self) { try await command.run() }
        let text = try ReplayCommand.message(for: #require(error))
        #expect(text.contains("replay.deviation"), "\(text)")
        #expect(text.contains("replay.deviations"), "\(text)")
        #expect(try ReplayCommand.exitCode(for: #require(error)).rawValue == 64)
    }
}

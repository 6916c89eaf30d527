import ArgumentParser
import Foundation
import Testing

@testable import reprise

@Suite("reprise minimize")
struct MinimizeCommandTests {
    private static let recording = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "ScenariosTests/Fixtures/recordings/leflux.rec.jsonl").path

    private func inFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    /// What the command says without making a trial; it would not reach its target.
    private func refusal(_ arguments: [String], in folder: URL) async throws -> String? {
        let output = folder.appending(path: "out.yaml").path
        let command = try MinimizeCommand.parse(
            [Self.recording, "-o", output, "--target", "http://127.0.0.1:1"] + arguments
        )
        do {
            try await command.run()
        } catch let error as ValidationError {
            return error.message
        }
        return nil
    }

    @Test(
        "A check that means nothing, or that the scenario has nothing for, is said before any trial",
        arguments: [
            ("plan.runawy == 0", "--check: there is no metric `plan.runawy`; write 'plan.runaway'"),
            ("plan.runaway = 0", "--check: a comparison is one of < <= > >= == !=; write '=='"),
            ("buyer/errors.rate == 0", "--check: there is no group `buyer` in this scenario"),
            (
                "fanout.missing == 0",
                "--check: nothing can be seen in `fanout.missing`, since the scenario has no `fanout` step; "
                    + "'reprise convert' shows what became of the recording"
            ),
        ]
    )
    func checks(check: String, sentence: String) async throws {
        try await inFolder { folder in
            let said = try await refusal(["--check", check], in: folder)
            #expect(said == sentence)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(files.isEmpty)
        }
    }

    @Test("It writes over no file unless told to, neither the scenario nor the recording")
    func files() async throws {
        try await inFolder { folder in
            for name in ["out.yaml", "out.rec.jsonl"] {
                let path = folder.appending(path: name)
                try Data("mine".utf8).write(to: path)
                let said = try await refusal(["--check", "errors.rate == 0"], in: folder)
                #expect(
                    said
                        == "'\(path.path)' is there already; choose another name with -o, or write over it with --force."
                )
                try FileManager.default.removeItem(at: path)
            }
        }
    }

    @Test("A file that holds nothing to run ends with the exit code of an invalid scenario", arguments: ["{", "a: b"])
    func invalid(text: String) async throws {
        try await inFolder { folder in
            for name in ["a.yaml", "a.rec.jsonl", "a.har"] {
                let path = folder.appending(path: name)
                try Data(text.utf8).write(to: path)
                let command = try MinimizeCommand.parse([path.path, "--check", "errors.rate == 0"])
                let error = await #expect(throws: ExitCode.self) { try await command.run() }
                #expect(error?.rawValue == 104)
            }
        }
    }

    @Test("Commands of a scenario are refused unless they are allowed")
    func commands() async throws {
        try await inFolder { folder in
            let path = folder.appending(path: "a.yaml")
            let text = """
                target: { url: "http://127.0.0.1:1" }
                load: [ { for: 1s, clients: 1 } ]
                faults: [ { at: 500ms, run: "touch it" } ]
                flow: [ connect ]
                """
            try Data(text.utf8).write(to: path)
            let command = try MinimizeCommand.parse([path.path, "--check", "errors.rate == 0"])
            let error = await #expect(throws: ExitCode.self) { try await command.run() }
            #expect(error?.rawValue == 104)
        }
    }

    @Test(
        "What is wrong with the options is said",
        arguments: [
            [], ["--check", "a", "--trials", "3/2"], ["--check", "a", "--trials", "0/2"],
            ["--check", "a", "--trials", "2"],
            ["--check", "a", "--clients", "0"], ["--check", "a", "--max-trials", "0"],
            ["--check", "a", "--server-limit", "0"],
        ]
    )
    func options(arguments: [String]) {
        #expect(throws: (any Error).self) { try MinimizeCommand.parse(["a.rec.jsonl"] + arguments) }
    }

    @Test(
        "The files stand beside the source, or where -o says",
        arguments: [
            ("shop.rec.jsonl", nil, "shop.min.yaml", "shop.min.rec.jsonl"),
            ("/tmp/a/shop.v2.har", nil, "/tmp/a/shop.min.yaml", "/tmp/a/shop.min.rec.jsonl"),
            ("x.yaml", "out/y.yml", "out/y.yml", "out/y.rec.jsonl"),
            ("x.yaml", "y", "y", "y.rec.jsonl"),
        ]
    )
    func names(source: String, output: String?, scenario: String, recording: String) {
        let place = MinimizeOutput(source: source, output: output)
        #expect(place.scenario == scenario)
        #expect(place.recording == recording)
    }

    @Test("A path is one word for a shell")
    func quoting() {
        #expect(MinimizeOutput.quoted("a/b-1.min.yaml") == "a/b-1.min.yaml")
        #expect(MinimizeOutput.quoted("it's a.yaml") == #"'it'\''s a.yaml'"#)
    }
}

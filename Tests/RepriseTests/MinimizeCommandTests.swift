import ArgumentParser
import Foundation
import Testing

@testable import Scenarios
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

    @Test("What is read is never written over, not with --force and not over a link")
    func source() async throws {
        try await inFolder { folder in
            let source = folder.appending(path: "a.yaml").path
            try Data("mine".utf8).write(to: URL(filePath: source))
            let link = folder.appending(path: "link.yaml").path
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: source)
            for output in [source, link] {
                let command = try MinimizeCommand.parse([
                    source, "-o", output, "--check", "errors.rate == 0", "--force",
                ])
                let error = await #expect(throws: ValidationError.self) { try await command.run() }
                #expect(error?.message == "'\(output)' is what is read; choose another name with -o.")
            }
            #expect(try String(contentsOfFile: source, encoding: .utf8) == "mine")
        }
    }

    @Test("A folder that is not there, and a folder in place of a file, are found before any trial")
    func folders() async throws {
        try await inFolder { folder in
            let place = folder.appending(path: "b.rec.jsonl")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for output in ["none/a.yaml", "b.yaml"] {
                let path = folder.appending(path: output).path
                let command = try MinimizeCommand.parse(
                    [Self.recording, "-o", path, "--force", "--target", "http://127.0.0.1:1", "--check", "sent.a == 0"]
                )
                let error = await #expect(throws: ExitCode.self) { try await command.run() }
                #expect(error?.rawValue == 64)
            }
        }
    }

    @Test("That a scenario's files do not lie where its smallest part is to be is found before any trial")
    func missingFiles() async throws {
        try await inFolder { folder in
            let text = """
                target: { url: "http://127.0.0.1:1" }
                feeds: { people: { file: people.csv } }
                load: [ { for: 1s, clients: 1 } ]
                flow: [ { emit: hello, data: { name: "${feed.people.name}" } } ]
                """
            try Data(text.utf8).write(to: folder.appending(path: "a.yaml"))
            try Data("name\nAda\n".utf8).write(to: folder.appending(path: "people.csv"))
            let other = folder.appending(path: "other")
            try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
            let arguments = [
                folder.appending(path: "a.yaml").path, "-o", other.appending(path: "b.yaml").path, "--check",
                "errors.timeout == 0", "--quiet",
            ]
            let without = await #expect(throws: ExitCode.self) {
                try await MinimizeCommand.parse(arguments).run()
            }
            #expect(without?.rawValue == 64)
            // With them it comes as far as its target, which is not there.
            try Data("name\nAda\n".utf8).write(to: other.appending(path: "people.csv"))
            let with = await #expect(throws: ExitCode.self) { try await MinimizeCommand.parse(arguments).run() }
            #expect(with?.rawValue == 110)
        }
    }

    @Test("What a recording's client sent in binary lies beside the scenario, and goes where nothing uses it")
    func binary() async throws {
        try await inFolder { folder in
            let files = MinimizeFiles(beside: folder.appending(path: "a.yaml").path)
            let parts = [1, 2].map { Converter.File(name: "a.files/\($0).bin", bytes: [UInt8($0)]) }
            let one = folder.appending(path: "a.files/1.bin")
            let two = folder.appending(path: "a.files/2.bin")
            try files.write(parts, force: false)
            #expect(try Data(contentsOf: two) == Data([2]))
            let text = "{ target: { url: \"http://127.0.0.1:1\" }, flow: [ { emit: a, binary: a.files/1.bin } ] }"
            files.remove(except: try ScenarioTree(parsing: text, file: "a.yaml"))
            #expect(FileManager.default.fileExists(atPath: one.path))
            #expect(!FileManager.default.fileExists(atPath: two.path))
            // What was there before stays.
            try files.write(parts, force: false)
            files.remove()
            #expect(FileManager.default.fileExists(atPath: one.path))
            #expect(!FileManager.default.fileExists(atPath: two.path))
            // What is another's is not written over, and nothing is left then.
            try Data([9]).write(to: two)
            try FileManager.default.removeItem(at: one)
            #expect(throws: ExitCode.self) { try files.write(parts, force: false) }
            #expect(try Data(contentsOf: two) == Data([9]))
            #expect(!FileManager.default.fileExists(atPath: one.path))
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
            ("x.rec.jsonl", "x.yaml", "x.yaml", "x.min.rec.jsonl"),
            ("./a/../x.rec.jsonl", "x.yaml", "x.yaml", "x.min.rec.jsonl"),
            ("x.min.rec.jsonl", nil, "x.min.yaml", "x.min.min.rec.jsonl"),
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

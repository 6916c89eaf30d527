import ArgumentParser
import Foundation
import LoadRunner
import Scenarios
import Testing

@testable import reprise

@Suite("reprise convert")
struct ConvertCommandTests {
    private static let recording = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "ScenariosTests/Fixtures/recordings/flock.rec.jsonl").path

    private func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test("A target that is none is wrong usage, which says what to write")
    func target() {
        let error = #expect(throws: (any Error).self) {
            try ConvertCommand.parse([Self.recording, "--target", "junk"])
        }
        let message = error.map { ConvertCommand.message(for: $0) }
        #expect(message == "--target: the URL has no scheme; write http://host:port, ws://host:port or practice:NAME.")
        #expect(throws: Never.self) { try ConvertCommand.parse([Self.recording, "--target", "${env.URL}"]) }
    }

    @Test("-o writes a scenario whose checks are known, and over one that is there only with --force")
    func output() throws {
        try inFolder { folder in
            let path = folder.appending(path: "a.yaml").path
            try ConvertCommand.parse([Self.recording, "-o", path, "--target", "practice:flock"]).run()
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let scenario = try ScenarioReader(environment: [:], checkSyntax: CheckLanguage.problem)
                .read(text: text, file: path)
            #expect(scenario.warnings.isEmpty)
            #expect(text.contains("url: practice:flock"))
            try Data("mine".utf8).write(to: URL(filePath: path))
            let error = #expect(throws: ValidationError.self) {
                try ConvertCommand.parse([Self.recording, "-o", path]).run()
            }
            #expect(error?.message == "'\(path)' is there already; choose another name, or write over it with --force.")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
            try ConvertCommand.parse([Self.recording, "-o", path, "--target", "practice:flock", "--force"]).run()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        }
    }

    @Test("The recording is never written over, not with --force and not over a link")
    func source() throws {
        try inFolder { folder in
            let source = folder.appending(path: "a.rec.jsonl").path
            try FileManager.default.copyItem(atPath: Self.recording, toPath: source)
            let link = folder.appending(path: "link.yaml").path
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: source)
            for output in [source, link] {
                let error = #expect(throws: ValidationError.self) {
                    try ConvertCommand.parse([source, "-o", output, "--force"]).run()
                }
                #expect(error?.message == "'\(output)' is what is read; choose another name with -o.")
            }
            #expect(FileManager.default.contentsEqual(atPath: source, andPath: Self.recording))
        }
    }

    @Test(
        "A file that is none to convert ends with the exit code of an invalid scenario",
        arguments: ["", "{}", "{\"log\":1}"]
    )
    func invalid(text: String) throws {
        try inFolder { folder in
            let source = folder.appending(path: "a.rec.jsonl")
            try Data(text.utf8).write(to: source)
            for path in [source.path, folder.path, folder.appending(path: "none").path] {
                let error = #expect(throws: ExitCode.self) { try ConvertCommand.parse([path]).run() }
                #expect(error?.rawValue == 104)
            }
        }
    }

    @Test("Secrets of a HAR file become variables of the environment")
    func archive() throws {
        try inFolder { folder in
            let har = folder.appending(path: "a.har")
            let text = """
                {"log":{"entries":[{"startedDateTime":"2026-01-31T10:05:00.000Z","time":0,
                "request":{"method":"GET","url":"ws://a.example/ws?token=planted-5ecret","headers":[]},"response":{"status":101},
                "_webSocketMessages":[{"type":"send","time":1769853901,"opcode":1,"data":"planted-5ecret"}]}]}}
                """
            try Data(text.utf8).write(to: har)
            let path = folder.appending(path: "a.yaml").path
            try ConvertCommand.parse([har.path, "-o", path]).run()
            let scenario = try String(contentsOfFile: path, encoding: .utf8)
            #expect(!scenario.contains("5ecret"))
            #expect(scenario.components(separatedBy: "${env.TOKEN}").count == 3)
            try ConvertCommand.parse([har.path, "-o", path, "--force", "--keep-secrets"]).run()
            #expect(try String(contentsOfFile: path, encoding: .utf8).contains("token: planted-5ecret"))
        }
    }
}

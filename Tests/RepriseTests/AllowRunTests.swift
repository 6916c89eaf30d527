import ArgumentParser
import Foundation
import LoadRunner
import Scenarios
import Testing

@testable import reprise

@Suite("Commands of a scenario")
struct AllowRunTests {
    private static let text = """
        target: { url: "http://localhost:1" }
        load: [ { for: 10s, clients: 1 } ]
        faults:
          - { at: 1s, drop: 50% }
          - { at: 2s, run: "./restart.sh --now 'two words'" }
        flow: [ connect ]
        """

    private static func source(_ path: String) throws -> ScenarioSource {
        let scenario = try ScenarioReader(environment: [:]).read(text: text, file: path)
        return ScenarioSource(path: path, text: text, scenario: scenario)
    }

    @Test("each is named with its line and how to allow it, where that was not done")
    func refusals() throws {
        let refusals = try Self.source("storm.yaml").commandRefusals
        #expect(
            refusals.map { $0.rendered(colour: false) } == [
                """
                storm.yaml:5:5: error: the scenario runs `./restart.sh --now 'two words'` on this machine, which has to be \
                allowed
                    - { at: 2s, run: "./restart.sh --now 'two words'" }
                      ^
                  help: read what it does, then add --allow-run
                """
            ]
        )
    }

    @Test("they run in the scenario's folder, wherever that was named from")
    func directory() throws {
        let here = FileManager.default.currentDirectoryPath
        #expect(try Self.source("/some/where/storm.yaml").commandSettings.directory.hasPrefix("/some/where"))
        #expect(try Self.source("storm.yaml").commandSettings.directory.hasPrefix(here))
        let settings = try Self.source("a b/../c d/storm.yaml").commandSettings
        #expect(settings.directory.hasPrefix("\(here)/c d"))
        #expect(FileManager.default.isExecutableFile(atPath: settings.program))
    }

    @Test("a scenario with commands is refused with 104 before anything runs, and is checked all the same")
    func refused() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "storm.yaml").path(percentEncoded: false)
        try Data(Self.text.utf8).write(to: URL(filePath: file))
        let results = folder.appending(path: "results").path(percentEncoded: false)
        let command = try RunCommand.parse([file, "--out", results])
        let error = await #expect(throws: ArgumentParser.ExitCode.self) { try await command.run() }
        #expect(error?.rawValue == 104)
        #expect(!FileManager.default.fileExists(atPath: results))
        let check = try CheckCommand.parse([file])
        try check.run()
        #expect(try RunCommand.parse([file, "--allow-run"]).allowsCommands)
    }
}

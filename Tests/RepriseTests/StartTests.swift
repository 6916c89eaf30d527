import ArgumentParser
import Foundation
import LoadRunner
import Scenarios
import Testing

@testable import reprise

@Suite("Scenarios to start from")
struct StartTests {
    @Test(
        "each reads without a word, with nothing in the environment, and its checks are known",
        arguments: Start.all.map(\.name)
    )
    func reads(name: String) throws {
        let start = try #require(Start.all.first { $0.name == name })
        let scenario = try ScenarioReader(environment: [:], checkSyntax: CheckLanguage.problem)
            .read(text: start.text, file: "start.yaml")
        #expect(scenario.warnings.isEmpty)
        #expect(!scenario.checks.isEmpty)
        guard case .practice = scenario.groups[0].target.location else {
            Issue.record("\(name) does not run by itself")
            return
        }
        #expect(start.text.contains("\n# A scenario for") || start.text.contains("\n# Visitors"))
    }

    @Test("any line that stands in a comment reads once it is one no more", arguments: Start.all.map(\.name))
    func comments(name: String) throws {
        let start = try #require(Start.all.first { $0.name == name })
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "data"),
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("name\nAda\n".utf8).write(to: folder.appending(path: "data/users.csv"))
        try Data("-----BEGIN CERTIFICATE-----\n".utf8).write(to: folder.appending(path: "ca.pem"))
        let reader = ScenarioReader(environment: [:], checkSyntax: CheckLanguage.problem)
        let lines = start.text.components(separatedBy: "\n")
        // A key or an item of a list; other comments are sentences.
        let shown = lines.map { $0.replacing(#/^( *)# ((- \{|[A-Za-z]+: ).*)$/#) { "\($0.output.1)\($0.output.2)" } }
        let places = lines.indices.filter { lines[$0] != shown[$0] }
        #expect(places.count >= 2)
        for place in places {
            var lines = lines
            lines[place] = shown[place]
            let text = lines.joined(separator: "\n")
            let scenario = try reader.read(text: text, file: folder.appending(path: "start.yaml").path)
            #expect(scenario.warnings.isEmpty, "\(shown[place])")
        }
        let all = try reader.read(
            text: shown.joined(separator: "\n"),
            file: folder.appending(path: "start.yaml").path
        )
        #expect(all.warnings.isEmpty)
    }

    @Test("leflux is a part of the scenario that ships: the visitors, and those who come back")
    func leflux() throws {
        let path = Self.root.appending(path: "scenarios/leflux.yaml").path
        let shipped = try ScenarioReader(environment: [:]).read(path: path)
        let start = try ScenarioReader(environment: [:]).read(text: Start.leflux.text, file: "start.yaml")
        #expect(Set(start.events).isSubset(of: shipped.events))
        #expect(Set(start.groups.map(\.name)).isSubset(of: shipped.groups.map(\.name)))
        #expect(!start.groups.isEmpty)
        #expect(start.load.peakClients == 100)
    }

    @Test("-o writes the file once, and never over one that is there")
    func output() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID()).yaml").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try InitCommand.parse(["websocket", "-o", path]).run()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == Start.webSocket.text)
        let error = #expect(throws: ValidationError.self) { try InitCommand.parse(["leflux", "-o", path]).run() }
        #expect(error?.message == "'\(path)' is there already; remove it, or choose another name.")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == Start.webSocket.text)
    }

    @Test("an unknown system is wrong usage, with what there is and what was meant")
    func unknown() throws {
        let error = #expect(throws: ValidationError.self) { try InitCommand.parse(["websockt"]).run() }
        #expect(
            error?.message == "There is no scenario for 'websockt' to start from; did you mean 'websocket'? "
                + "There are: leflux, socket.io, websocket."
        )
        #expect(error.map { InitCommand.exitCode(for: $0).rawValue } == 64)
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
}

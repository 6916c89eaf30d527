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

    @Test("what stands in comments reads too, once it is one no more", arguments: Start.all.map(\.name))
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
        // A comment that is one key, or below one.
        let lines = start.text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.replacing(#/^( *)# ( *)((- \{|[a-z]+:).*)$/#) { "\($0.output.1)\($0.output.2)\($0.output.3)" }
        }
        let text = lines.joined(separator: "\n").replacing("yaml-language-server", with: "# yaml-language-server")
        _ = try ScenarioReader(environment: ["TOKEN": "t"])
            .read(text: text, file: folder.appending(path: "start.yaml").path)
        #expect(name == "leflux" || text != start.text)
    }

    @Test("leflux is what the scenario that ships says, with fewer clients")
    func leflux() throws {
        let path = Self.root.appending(path: "scenarios/leflux.yaml").path
        let shipped = try ScenarioReader(environment: [:]).read(path: path)
        let start = try ScenarioReader(environment: [:]).read(text: Start.leflux.text, file: "start.yaml")
        #expect(start.events == shipped.events)
        #expect(start.counters == shipped.counters)
        #expect(start.checks == shipped.checks)
        #expect(start.groups.map(\.flow.count) == shipped.groups.map(\.flow.count))
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

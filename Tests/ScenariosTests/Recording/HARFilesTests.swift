import Foundation
import NIOCore
import Testing
import Wire

@testable import Scenarios

/// HAR files that tools wrote of a real browser; see scripts/make-har-fixtures.py.
@Suite("HAR files of a browser")
struct HARFilesTests {
    static let folder = repository.appending(path: "Tests/ScenariosTests/Fixtures/har")
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".har") }.sorted()

    /// What a page said or heard: `out echo`.
    private static func spoken(_ recording: Recording) -> [String] {
        var reader = ConversationReader(recording)
        return reader.conversations(of: recording).flatMap(\.turns).compactMap { turn in
            guard let said = turn.sent ?? turn.received else { return nil }
            let isText = said.binary.isEmpty && said.whole?.textValue?.hasSuffix("=") != true
            let name = said.event ?? said.whole?["type"]?.textValue ?? (isText ? "text" : "binary")
            return "\(turn.sent == nil ? "in" : "out") \(name)"
        }
    }

    @Test("A file becomes what the page itself said and heard, in its order", arguments: names)
    func order(name: String) throws {
        let log = try JSONDecoder().decode(
            [[String]].self,
            from: Data(contentsOf: Self.folder.appending(path: name.replacing(".har", with: ".log.json")))
        )
        .map { $0.joined(separator: " ") }
        let spoken = Self.spoken(try RecordingSource.read(path: Self.folder.appending(path: name).path).recording)
        for direction in ["in ", "out "] {
            #expect(spoken.filter { $0.hasPrefix(direction) } == log.filter { $0.hasPrefix(direction) })
        }
        // What the page had heard before it said something comes before that; what it had not may come on either side.
        var heard = 0
        var known: [Int] = []
        for line in log {
            if line.hasPrefix("in ") { heard += 1 } else { known.append(heard) }
        }
        heard = 0
        for line in spoken {
            if line.hasPrefix("in ") { heard += 1 } else { #expect(heard >= known.removeFirst(), "\(line)") }
        }
        #expect(known.isEmpty && heard > 1)
    }

    @Test("A file becomes a scenario that reads without a warning", arguments: names)
    func scenarios(name: String) throws {
        let path = Self.folder.appending(path: name).path
        let (recording, warnings) = try RecordingSource.read(path: path)
        let known = ["requests left out: pages, scripts", "WebSockets to http://localhost:", " redirected;"]
        #expect(warnings.allSatisfy { warning in known.contains { warning.message.contains($0) } }, "\(warnings)")
        let result = try #require(Converter.convert(recording, source: name))
        #expect(result.warnings.isEmpty && result.environment.isEmpty, "\(result.warnings)")
        #expect(result.files.isEmpty == !(name.contains("echo") || name.contains("plain")))
        #expect(try readScenario(result, [:]).warnings.isEmpty)
        #expect(Converter.convert(recording, source: name) == result)
    }

    @Test(
        "What three tools say of the same session is the same",
        arguments: ["echo-websocket", "echo-polling", "praxis", "plain"]
    )
    func tools(session: String) throws {
        let spoken = try ["chrome", "playwright", "mitmproxy"].map { tool in
            Self.spoken(
                try RecordingSource.read(path: Self.folder.appending(path: "\(tool)-\(session).har").path).recording
            )
        }
        #expect(spoken[0] == spoken[1] && spoken[1] == spoken[2])
    }

    @Test("Redirected requests and a refused WebSocket are left out, whatever tells of them")
    func redirects() throws {
        let path = Self.folder.appending(path: "chrome-redirected.har").path
        let (recording, warnings) = try RecordingSource.read(path: path)
        #expect(
            warnings[0].message.hasSuffix("requests of connections were redirected; what answered in the end is taken")
        )
        #expect(recording.header.target.hasPrefix("http://127.0.0.1:"))
        let openings = recording.entries.filter { if case .open = $0.content { true } else { false } }
        #expect(openings.count == 1)
        let praxis = try RecordingSource.read(path: Self.folder.appending(path: "chrome-praxis.har").path)
        #expect(praxis.warnings[0].message.hasPrefix("WebSockets to http://localhost:"))
    }
}

/// A scenario that a conversion made, with the files that belong to it.
func readScenario(_ result: Converter.Result, _ environment: [String: String]) throws -> Scenario {
    let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in result.files {
        let path = folder.appending(path: file.name)
        try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: path)
    }
    return try read(result.scenario, environment: environment, file: folder.appending(path: "test.yaml").path)
}

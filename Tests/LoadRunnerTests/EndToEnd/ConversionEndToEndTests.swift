import Foundation
import Testing

@testable import Scenarios

@Suite("Converted recordings against the practice server", .serialized, .timeLimit(.minutes(2)))
struct ConversionEndToEndTests {
    @Test(
        "A converted recording runs, and the same events come and go in the same order",
        arguments: ["leflux", "praxis", "flock"]
    )
    func sameEvents(name: String) async throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "ScenariosTests/Fixtures/recordings")
        let recording = try Recording.read(path: folder.appending(path: "\(name).rec.jsonl").path).recording
        let result = try #require(Converter.convert(recording, source: "\(name).rec.jsonl", target: "practice:\(name)"))
        // What a person waits is no part of what is compared.
        let text = result.scenario.replacing(#/think: [\w.]+/#, with: "think: 20ms")
        let (run, _) = try await EngineRun.runWithPractice(text, environment: ["TOKEN": "practice"])
        #expect(run.errors == [:])
        #expect(run.count("clients.finished") == 1)
        #expect(run.count("stream.broken") == 0)
        let recorded = Self.events(recording.entries.compactMap(Self.line))
        let replayed = Self.events(run.observer.trace.compactMap(Self.line))
        #expect(recorded.count > 5)
        #expect(replayed == recorded)
    }

    /// `> join_session`, of a message in a recording.
    private static func line(_ entry: RecordingEntry) -> String? {
        switch entry.content {
        case .out(let message): "> \(message.body.text)"
        case .in(let message): "< \(message.body.text)"
        case .http(let exchange): "> \(exchange.method)"
        default: nil
        }
    }

    /// The same, of a line of the trace.
    private static func line(_ trace: String) -> String? {
        let words = trace.split(separator: " ", maxSplits: 3).map(String.init)
        guard words.count == 4, words[2] == "→" || words[2] == "←", !words[3].hasPrefix("HTTP") else { return nil }
        return "\(words[2] == "→" ? ">" : "<") \(words[3])"
    }

    /// The names of events, a run of one name as one, and what answers a plan as one: what a server draws differs.
    private static func events(_ lines: [String]) -> [String] {
        var events: [String] = []
        for line in lines {
            guard let match = line.firstMatch(of: #/^([<>]) (?:42\["(\w+)"|\{"type":"(\w+)"|(POST|GET)\b)/#) else {
                continue
            }
            var name = String(match.2 ?? match.3 ?? match.4 ?? "")
            if [
                "ping", "pong", "PING", "PONG", "ui_block", "message", "graph_updated", "nodeStatusUpdate",
                "workflowProgress",
            ]
            .contains(name) {
                continue
            }
            if name == "sequence_complete" { name = "action_complete" }
            let event = "\(match.1) \(name)"
            if events.last != event { events.append(event) }
        }
        return events
    }
}

import Foundation
import PracticeServer
import Scenarios
import Testing

/// `reprise record` as a process of its own, between clients that others wrote and the practice server.
@Suite("Clients of others through reprise record", .serialized, .needsPeers, .timeLimit(.minutes(2)))
struct RecordTests {
    /// What the browser's page saw.
    private struct PageSeen: Decodable {
        var transport: String
        var echoed: Int
        var acknowledged: Int
        var error: String
    }

    /// What the client in Node saw.
    private struct ClientSeen: Decodable {
        var transport: String
        var namespaces: Int
        var echoed: Int
        var acknowledged: Int
    }

    /// Starts the practice server and a recorder before it.
    ///
    /// - Returns: The recording, and what is doubtful about it.
    private func record(
        _ body: @Sendable (_ url: String, _ recorder: Peer) async throws -> Void
    ) async throws -> (recording: Recording, warnings: [Diagnostic], truth: Truth) {
        let server = try await PracticeServer.start(.init(system: "echo", port: 0))
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-record-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "session.rec.jsonl").path
        let command = [Needs.reprise, "record", "--target", "http://127.0.0.1:\(server.port)"]
        do {
            try await Peer.with(command + ["--listen", "127.0.0.1:0", "-o", file]) { recorder in
                try await body("http://127.0.0.1:\(recorder.port)", recorder)
            }
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
        let (recording, warnings) = try Recording.read(path: file)
        return (recording, warnings, await server.truth())
    }

    private func client(_ url: String, _ transports: String, echoes: Int) throws -> [String] {
        ["NODE_PATH=\(Needs.nodePackages)", "node", try Needs.peer("javascript_echo_client.cjs")]
            + [Needs.javaScriptClient, url, transports, "\(echoes)"]
    }

    /// How often the event `echo` stands in a recording, from the client and from the server.
    private func echoes(in recording: Recording) -> (out: Int, in: Int) {
        recording.entries.reduce(into: (0, 0)) { counts, entry in
            switch entry.content {
            case .out(let message) where message.body.text.contains(#"["echo","#): counts.0 += 1
            case .in(let message) where message.body.text.contains(#"["echo","#): counts.1 += 1
            default: break
            }
        }
    }

    @Test("the official client in Node, on every transport", arguments: ["polling", "websocket", "polling,websocket"])
    func node(transports: String) async throws {
        let (recording, warnings, truth) = try await record { url, recorder in
            let line = try await Script.run(client(url, transports, echoes: 10))
            let seen = try JSONDecoder().decode(ClientSeen.self, from: Data(line.utf8))
            #expect(seen.transport == (transports == "polling" ? "polling" : "websocket"))
            #expect(seen.namespaces == 3 && seen.echoed == 30 && seen.acknowledged == 30)
            _ = try await recorder.lastWords()
        }
        #expect(warnings.isEmpty)
        #expect(truth.connections.protocolErrors == 0)
        #expect(truth.connections.accepted == 1)
        #expect(echoes(in: recording) == (30, 30))
        let openings = recording.entries.compactMap { entry in
            if case .open(let opening) = entry.content { opening.transport.rawValue } else { nil }
        }
        #expect(openings == transports.split(separator: ",").map(String.init))
        #expect(recording.entries.allSatisfy { $0.connection == 1 })
        #expect(recording.header.removed.sorted() == ["accept-encoding", "sec-websocket-extensions"])
    }

    @Test(
        "the official client in Chromium, on a page of another origin, on every transport",
        .needs(.chromium),
        arguments: ["polling", "websocket", "polling,websocket"]
    )
    func browser(transports: String) async throws {
        let (recording, warnings, truth) = try await record { url, recorder in
            let page = try Needs.peer("browser_page.py")
            let chromium = try #require(Tool.chromium.path)
            let line = try await Script.run(["python3", page, chromium, Needs.javaScriptClient, url, transports, "20"])
            let seen = try JSONDecoder().decode(PageSeen.self, from: Data(line.utf8))
            #expect(seen.error == "")
            #expect(seen.transport == (transports == "polling" ? "polling" : "websocket"))
            #expect(seen.echoed == 20 && seen.acknowledged == 20)
            _ = try await recorder.lastWords()
        }
        #expect(warnings.isEmpty)
        #expect(truth.connections.protocolErrors == 0)
        #expect(echoes(in: recording) == (20, 20))
    }

    @Test("a recorder that is killed loses at most the line that it was writing")
    func kill() async throws {
        let (recording, warnings, _) = try await record { url, recorder in
            let talking = try client(url, "websocket", echoes: 3000)
            let talk = Task { try await Script.run(talking) }
            defer { talk.cancel() }
            // In the midst of thousands of lines; leaving this closure kills it.
            try await recorder.read(lines: 500)
        }
        #expect(warnings.count <= 1)
        let counts = echoes(in: recording)
        #expect(counts.out > 100 && counts.out + counts.in < 18_000)
    }
}

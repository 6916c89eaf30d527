import Foundation
import PracticeServer
import Testing

/// `reprise record` and `reprise replay` as processes, between a client and a server that others wrote.
@Suite("Recorded visits of others' clients, replayed", .serialized, .needsPeers, .timeLimit(.minutes(2)))
struct ReplayTests {
    /// What the client in Node saw.
    private struct Visit: Decodable {
        var transport: String
        var chunks: Int
    }

    /// What `--json` prints.
    private struct Summary: Decodable {
        struct Counter: Decodable {
            var counter: String
            var count: Int
        }
        struct Deviations: Decodable {
            var event: String
            var recorded: Int
            var expected: Int
            var came: Int
        }
        var counters: [Counter]
        var deviations: [Deviations]

        subscript(counter: String) -> Int? { counters.first { $0.counter == counter }?.count }
    }

    private func inFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-replay-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    private func replay(_ file: String, _ url: String, _ folder: URL, _ more: [String]) async throws -> (
        Summary, Int32?
    ) {
        let command =
            [Needs.reprise, "replay", file, "--target", url, "--out", folder.appending(path: "out").path, "--json"]
            + ["--quiet", "--generator", "warn"] + more
        let (output, code) = try await Script.exit(command)
        return (try JSONDecoder().decode(Summary.self, from: Data(output.utf8)), code)
    }

    @Test(
        "a visit of the official client, played by twenty clients, deviates in nothing, and the server counts twenty",
        arguments: ["websocket", "polling", "polling,websocket"]
    )
    func visit(transports: String) async throws {
        // aiohttp does not end before the sessions that polled have timed out.
        let engine = transports == "polling" ? "uvicorn-websockets" : "aiohttp"
        try await inFolder { folder in
            let file = folder.appending(path: "visit.rec.jsonl").path
            let once = try await Peer.withPythonServer(engine) { server in
                let command = [Needs.reprise, "record", "--target", "http://127.0.0.1:\(server.port)"]
                try await Peer.with(command + ["--listen", "127.0.0.1:0", "-o", file]) { recorder in
                    let line = try await Script.run(
                        ["NODE_PATH=\(Needs.nodePackages)", "node", try Needs.peer("javascript_visit_client.cjs")]
                            + [Needs.javaScriptClient, "http://127.0.0.1:\(recorder.port)", transports]
                    )
                    let seen = try JSONDecoder().decode(Visit.self, from: Data(line.utf8))
                    #expect(seen.transport == (transports == "polling" ? "polling" : "websocket"))
                    #expect(seen.chunks == 5)
                    _ = try await recorder.lastWords()
                }
                return try await SocketIOCounts(of: server)
            }
            #expect(once.events.count == 6 && once.chunks == 5)
            try await Peer.withPythonServer(engine) { server in
                let (summary, code) = try await replay(
                    file,
                    "http://127.0.0.1:\(server.port)",
                    folder,
                    ["--clients", "20", "--tolerance", "10s", "--check", "replay.deviations == 0"]
                )
                #expect(code == 0)
                #expect(summary["replay.deviations"] == 0)
                #expect(summary["clients.finished"] == 20)
                #expect(summary.deviations.allSatisfy { $0.came == $0.expected && $0.expected == $0.recorded * 20 })
                let chunks = summary.deviations.first { $0.event == "message_chunk" }
                #expect(chunks?.came == 100)
                let counts = try await SocketIOCounts(of: server)
                #expect(counts.connects == 20)
                #expect(counts.events == once.events.mapValues { $0 * 20 })
                #expect(counts.chunks == 100)
            }
        }
    }

    @Test("a check that fails ends the replay with 99, and what deviated is in every file")
    func check() async throws {
        try await inFolder { folder in
            let file = folder.appending(path: "a.rec.jsonl").path
            let lines = [
                #"{"reprise":1,"target":"http://127.0.0.1:1","protocol":"socket.io"}"#,
                #"{"t":0,"c":1,"dir":"open","via":"websocket","url":"http://127.0.0.1:1","path":"/socket.io/?EIO=4&transport=websocket","status":101}"#,
                #"{"t":5,"c":1,"dir":"out","kind":"text","data":"42[\"echo\",{\"n\":1}]"}"#,
                #"{"t":6,"c":1,"dir":"in","kind":"text","data":"42[\"echo\",{\"n\":1}]"}"#,
                #"{"t":9,"c":1,"dir":"out","kind":"text","data":"42[\"echo\",{\"n\":2}]"}"#,
                #"{"t":20,"c":1,"dir":"close","code":1000,"by":"client"}"#,
            ]
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: file))
            let server = try await PracticeServer.start(.init(system: "echo", port: 0))
            let url = "http://127.0.0.1:\(server.port)"
            let (summary, code) = try await replay(file, url, folder, ["--clients", "3", "--check", "echo.extra == 0"])
            #expect(code == 99)
            #expect(summary["echo.extra"] == 3)
            #expect(summary["replay.extra"] == 3)
            let echo = try #require(summary.deviations.first { $0.event == "echo" })
            #expect((echo.recorded, echo.expected, echo.came) == (1, 3, 6))
            let table = try String(contentsOf: folder.appending(path: "out/deviations.csv"), encoding: .utf8)
            #expect(table.contains("\necho,1,3,6,0,3,0,"))
            let (_, passed) = try await replay(file, url, folder, ["--clients", "3"])
            #expect(passed == 0)
            try await server.stop()
        }
    }
}

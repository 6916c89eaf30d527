import Foundation
import Testing

@testable import PracticeServer

@Suite(.timeLimit(.minutes(1))) struct ConnectionLogTests {
    private let path = NSTemporaryDirectory() + "connections-\(UUID().uuidString).jsonl"

    private struct Line: Decodable {
        var t: Int64
        var event: String
        var connection: Int?
        var client: String?
        var how: String?
        var reason: String?
        var status: Int?
        var port: Int?
        var system: String?
    }

    private func lines() throws -> [Line] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
    }

    @Test("Every way by which a client ends a connection is told apart, and named as the official server names it")
    func departures() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let truth = try await withServer {
            $0.system = "echo"
            $0.log = path
        } _: { server in
            let uri = "/socket.io/?EIO=4&transport=websocket"
            try await RawClient.talk(to: server.port) { client in
                try await client.join(uri + "&client=polite")
                try await client.sendFrame(0x88, [])
                _ = try await client.isAtEnd()
            }
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade(uri)
                _ = try await client.frame()
                try await client.sendText(#"40{"client":"packet"}"#)
                _ = try await client.frame()
                try await client.sendText("1")
                _ = try await client.close()
            }
            try await RawClient.talk(to: server.port) { client in try await client.join(uri + "&client=fin") }
            try await untilCounted(server) { $0.connections.byFIN > 0 }
            try? await RawClient.talk(to: server.port) { client in
                try await client.join(uri + "&sessionId=rst")
                try await client.reset()
            }
            try await untilCounted(server) { $0.connections.byRST > 0 }
            try await RawClient.talk(to: server.port) { client in
                try await client.join(uri + "&client=leaver")
                try await client.sendText("41")
                try await client.sendFrame(0x88, [])
                _ = try await client.isAtEnd()
            }
        }
        #expect(truth.connections.closedByClient == 5)
        #expect(truth.connections.byCloseFrame == 2)
        #expect(truth.connections.byClosePacket == 1)
        #expect(truth.connections.byFIN == 1)
        #expect(truth.connections.byRST == 1)
        #expect(truth.connections.reasons == ["transport close": 4, "client namespace disconnect": 1])
        #expect(Set(truth.attempts.clients.keys) == ["polite", "packet", "fin", "rst", "leaver"])
        let lines = try lines()
        #expect(lines.first?.event == "started")
        #expect(lines.last?.event == "stopped")
        let lost = lines.filter { $0.event == "lost" }
        #expect(lost.compactMap(\.client) == ["polite", "packet", "fin", "rst", "leaver"])
        #expect(lost.compactMap(\.how) == ["closeFrame", "closePacket", "fin", "rst", "closeFrame"])
        #expect(lost.allSatisfy { $0.reason == "transport close" })
        #expect(lines.count { $0.event == "opened" } == 5)
    }

    @Test("A server that missed a client's pongs names that, too")
    func vanished() async throws {
        let truth = try await withServer {
            $0.pingInterval = .milliseconds(300)
            $0.pingTimeout = .milliseconds(300)
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                _ = try await client.close()
            }
        }
        #expect(truth.connections.heartbeatMissed == 1)
        #expect(truth.connections.reasons == ["ping timeout": 1])
    }

    @Test("Attempts that are refused stand in the log and in the truth")
    func refused() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let truth = try await withServer([.refuse(0.5)]) {
            $0.log = path
        } _: { server in
            for _ in 0..<4 {
                _ = try await RawClient.talk(to: server.port) { client in
                    try await client.upgrade("/socket.io/?EIO=4&transport=websocket&client=c%201")
                }
            }
            let polling = try await RawClient.talk(to: server.port) {
                try await $0.request("GET", "/socket.io/?EIO=3&transport=polling")
            }
            #expect(polling.status == 400)
        }
        #expect(truth.attempts.clients["c 1"]?.count == 4)
        #expect(truth.attempts.clients["#5"]?.count == 1)
        #expect(truth.attempts.count == 5)
        let refused = try lines().filter { $0.event == "refused" }
        #expect(refused.compactMap(\.status) == [503, 503, 400])
    }

    @Test("A server that follows goes on in the same file, on the same port")
    func restarted() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        var port = 0
        for _ in 0..<2 {
            try await withServer {
                $0.log = path
                $0.port = port
            } _: { server in
                port = server.port
                try await RawClient.talk(to: server.port) { try await $0.join() }
            }
        }
        let lines = try lines()
        #expect(lines.filter { $0.event == "started" }.map(\.port) == [port, port])
        #expect(lines.count { $0.event == "opened" } == 2)
    }

    @Test("A log that cannot be opened is an error that names it")
    func notWritable() async {
        var configuration = PracticeServer.Configuration(system: "leflux", port: 0)
        configuration.log = "/nowhere/at/all/log.jsonl"
        await #expect {
            _ = try await PracticeServer.start(configuration)
        } throws: {
            let error = $0 as? PracticeServerError
            return error?.code == .logNotWritten && error?.message.contains("/nowhere/at/all/log.jsonl") == true
        }
    }
}

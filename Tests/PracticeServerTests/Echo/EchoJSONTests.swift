import Testing

@testable import PracticeServer

/// The envelopes of `/ws/json`.
@Suite(.timeLimit(.minutes(1))) struct EchoJSONTests {
    private func withJSON(
        _ faults: [Fault] = [],
        _ body: @escaping @Sendable (inout RawClient) async throws -> Void
    ) async throws -> Truth {
        try await withServer(faults) {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade("/ws/json?a=b")
                try await body(&client)
            }
        }
    }

    @Test("Each envelope is answered by one of its kind with the same id")
    func envelopes() async throws {
        let truth = try await withJSON { client in
            try await client.sendText(#"{"type":"PING","id":7}"#)
            let pong = try await client.text()
            #expect(
                pong.wholeMatch(of: #/\{"type":"PONG","payload":\{"timestamp":\d{13}\},"id":7\}/#) != nil,
                "\(pong)"
            )
            try await client.sendText(#"{"type":"ping"}"#)
            #expect(try await client.text().hasPrefix(#"{"type":"pong","payload":{"timestamp":"#))
            try await client.sendText(#"{"id":"x", "payload":{"a":[1, "ü"]},"type":"echo"}"#)
            #expect(try await client.text() == #"{"type":"echo","payload":{"a":[1, "ü"]},"id":"x"}"#)
            try await client.sendText(#"{"type":"echo"}"#)
            #expect(try await client.text() == #"{"type":"echo"}"#)
            try await client.sendText(#"{"type":"untyped"}"#)
            #expect(try await client.text() == #"{"run_id":1,"output_type":"x"}"#)
            try await client.sendText(#"{"type":"untyped","payload":{"agent_id":"a"}}"#)
            #expect(try await client.text() == #"{"agent_id":"a"}"#)
        }
        #expect(truth.messages.received == ["PING": 1, "ping": 1, "echo": 2, "untyped": 2])
        #expect(truth.messages.sent == ["PONG": 1, "pong": 1, "echo": 2, "untyped": 2])
        #expect(truth.messages.pingsReceived == 2)
        #expect(truth.messages.pongsSent == 2)
        #expect(truth.connections.accepted == 1)
    }

    @Test(
        "What is no envelope is answered by an error, and the connection goes on",
        arguments: [
            ("hello", nil, "malformed"), ("[]", nil, "malformed"), ("{}", nil, "malformed"),
            (#"{"type":5}"#, nil, "malformed"), (#"{"type":"shout","id":[1]}"#, "[1]", "shout"),
            (#"{"type":"close","payload":{"code":1005},"id":1}"#, "1", "close"),
            (#"{"type":"heartbeat","payload":{"interval":1}}"#, nil, "heartbeat"),
        ] as [(String, String?, String)]
    )
    func errors(message: String, id: String?, name: String) async throws {
        let truth = try await withJSON { client in
            try await client.sendText(message)
            let answer = try await client.text()
            #expect(answer.hasPrefix(#"{"type":"error","payload":{"message":""#))
            #expect(answer.hasSuffix(id.map { #""},"id":\#($0)}"# } ?? #""}}"#), "\(answer)")
            try await client.sendFrame(0x82, [1])
            #expect(try await client.text().hasPrefix(#"{"type":"error""#))
        }
        #expect(truth.messages.received == [name: 1, "binary": 1])
    }

    @Test("Close comes with the code and the reason that were asked for")
    func close() async throws {
        let truth = try await withJSON { client in
            try await client.sendText(#"{"type":"close","payload":{"code":4001,"reason":"bye"}}"#)
            #expect(try await client.close() == [0x0F, 0xA1] + Array("bye".utf8))
            #expect(try await client.isAtEnd())
        }
        #expect(truth.connections.closedByServer == 1)
    }

    @Test("Pings come on request for as long as pongs do; then the connection is closed with a code")
    func heartbeat() async throws {
        let truth = try await withJSON { client in
            try await client.sendText(#"{"type":"heartbeat","payload":{"interval":20,"timeout":2000}}"#)
            for _ in 0..<3 {
                #expect(try await client.text() == #"{"type":"ping"}"#)
                try await client.sendText(#"{"type":"pong"}"#)
            }
            #expect(try await client.text() == #"{"type":"ping"}"#)
            #expect(try await client.close() == [0x0F, 0xA8] + Array("no pong".utf8))
        }
        #expect(truth.messages.pingsSent >= 4)
        #expect(truth.messages.pongsReceived == 3)
        #expect(truth.connections.heartbeatMissed == 1)
    }

    @Test("With no-ping and no-pong no ping comes, and none is answered")
    func noHeartbeats() async throws {
        let truth = try await withJSON([.noPing, .noPong]) { client in
            try await client.sendText(#"{"type":"heartbeat","payload":{"interval":10}}"#)
            try await client.sendText(#"{"type":"PING"}"#)
            try await client.sendFrame(0x89, [])
            try await client.sendText(#"{"type":"echo","id":1}"#)
            #expect(try await client.frame().text == #"{"type":"echo","id":1}"#)
        }
        #expect(truth.messages.pingsReceived == 1)
        #expect(truth.messages.pongsSent == 0)
        #expect(truth.messages.pingsSent == 0)
    }

    @Test("Latency keeps the order; kill-after resets; refuse answers 503")
    func faults() async throws {
        let delayed = try await withJSON([.latency(.milliseconds(5), jitter: .milliseconds(5))]) { client in
            for id in 0..<20 { try await client.sendText(#"{"type":"echo","id":\#(id)}"#) }
            for id in 0..<20 { #expect(try await client.text() == #"{"type":"echo","id":\#(id)}"#) }
        }
        #expect(delayed.messages.delayed == 20)
        let refused = try await withServer([.refuse(1)]) {
            $0.system = "echo"
        } _: { server in
            for path in ["/ws/json", "/ws"] {
                let head = try await RawClient.talk(to: server.port) { try await $0.upgrade(path) }
                #expect(head.hasPrefix("HTTP/1.1 503 "))
            }
        }
        #expect(refused.connections.refused == 2)
    }

    @Test("A plain request to a WebSocket's path gets 426, and other paths 404")
    func notUpgraded() async throws {
        let truth = try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                #expect(try await client.request("GET", "/ws").status == 426)
                #expect(try await client.request("GET", "/health").status == 200)
                #expect(try await client.request("GET", "/ws/xml").status == 404)
                let evil = try await client.upgrade("/ws", headers: ["Origin: https://evil.example"])
                #expect(evil.hasPrefix("HTTP/1.1 403 "))
            }
        }
        #expect(truth.http == ["GET /ws 426": 1, "GET /health 200": 1, "other 404": 1])
        #expect(truth.connections.rejected == 1)
    }

    @Test("A fault that means nothing to a system is an error that names the system's faults")
    func strangeFault() async throws {
        await #expect {
            _ = try await PracticeServer.start(.init(system: "echo", port: 0, faults: [.chunks(3)]))
        } throws: {
            guard let error = $0 as? PracticeServerError else { return false }
            return error.code == .invalidFault && error.message.contains("refuse, kill-after, no-ping")
        }
    }
}

import Testing

@testable import PracticeServer

/// A part of what the official test suites check; they themselves are run by hand.
@Suite(.timeLimit(.minutes(1))) struct ConformanceTests {
    @Test("A client gets its credentials, messages back, and acknowledgements, in two namespaces")
    func socketIO() async throws {
        try await withServer {
            $0.system = "conformance"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade()
                _ = try await client.frame()
                try await client.sendText(#"40{"token":"123"}"#)
                _ = try await client.text()
                #expect(try await client.text() == #"42["auth",{"token":"123"}]"#)
                try await client.sendText("40/custom")
                _ = try await client.text()
                #expect(try await client.text() == #"42/custom,["auth",{}]"#)
                try await client.sendText(#"42["message",1,"2",{"3":[true]}]"#)
                #expect(try await client.text() == #"42["message-back",1,"2",{"3":[true]}]"#)
                try await client.sendText(#"42/custom,7["message-with-ack",1]"#)
                #expect(try await client.text() == "43/custom,7[1]")
            }
        }
    }

    @Test("Without Socket.IO every message comes back, by polling and on a WebSocket")
    func engineIO() async throws {
        let truth = try await withServer {
            $0.system = "conformance"
            // Nobody joins a namespace where there is none.
            $0.connectTimeout = .milliseconds(1)
        } _: { server in
            let client = try await PollingClient(server, path: "/engine.io/")
            #expect(try await client.post("4hello\u{1E}bAQIDBA==") == Answer(200, "ok"))
            #expect(try await client.poll() == Answer(200, "4hello\u{1E}bAQIDBA=="))
            try await RawClient.talk(to: server.port) { socket in
                try await socket.upgrade("/engine.io/?EIO=4&transport=websocket")
                _ = try await socket.frame()
                try await socket.sendFrame(0x82, [1, 2])
                #expect(try await socket.frame() == .init(opcode: 0x82, payload: [1, 2]))
                try await socket.sendText("4hello")
                #expect(try await socket.frame().text == "4hello")
            }
        }
        #expect(truth.messages.received == ["message": 4])
    }
}

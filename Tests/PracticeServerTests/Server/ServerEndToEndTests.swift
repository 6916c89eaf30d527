import Testing
import Wire

@testable import PracticeServer

@Suite(.timeLimit(.minutes(1))) struct ServerEndToEndTests {
    @Test("The upgrade is answered as RFC 6455 says, and the open packet follows")
    func upgrade() async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                let head = try await client.upgrade()
                #expect(head.hasPrefix("HTTP/1.1 101 "))
                #expect(head.lowercased().contains("\r\nupgrade: websocket\r\n"))
                #expect(head.lowercased().contains("\r\nconnection: upgrade\r\n"))
                #expect(head.lowercased().contains("\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"))
                let frame = try await client.frame()
                #expect(frame.opcode == 0x81)
                let rest =
                    #/^0\{"sid":"[^"]{20}","upgrades":\[\],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000\}$/#
                #expect(frame.text.wholeMatch(of: rest) != nil, "\(frame.text)")
            }
        }
        #expect(truth.connections.accepted == 1)
    }

    @Test("A visit byte by byte: connect, join, ask, read, act, leave")
    func visit() async throws {
        let truth = try await withServer([.chunks(3), .cycle(period: 1)]) { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade()
                _ = try await client.frame()
                try await client.sendText("40")
                let connected = try await client.text()
                #expect(connected.wholeMatch(of: #/^40\{"sid":"[^"]{20}"\}$/#) != nil)
                try await client.sendText(#"42["join_session",{"sessionId":"s1"}]"#)
                #expect(
                    try await client.text()
                        == #"42["session_joined",{"sessionId":"s1","restored":false,"history":[]}]"#
                )
                let chat = try await RawClient.talk(to: server.port) { http in
                    try await http.request("POST", "/api/chat", body: #"{"sessionId":"s1","message":"Hi"}"#)
                }
                #expect(chat.status == 200)
                #expect(chat.body.hasSuffix(#","status":"processing"}"#))
                for index in 0..<3 {
                    let chunk = try await client.text()
                    #expect(chunk.hasPrefix(#"42["message_chunk",{"delta":""#))
                    #expect(chunk.hasSuffix(#","chunkIndex":\#(index)}]"#))
                }
                #expect(try await client.text().hasPrefix(#"42["message_done",{"text":""#))
                try await client.sendText("41")
                try await client.sendText("1")
                _ = try await client.close()
            }
        }
        #expect(truth.messages.received == ["join_session": 1])
        #expect(truth.messages.sent["message_chunk"] == 3)
        #expect(truth.messages.sent["session_joined"] == 1)
        #expect(truth.messages.connects == 1)
        #expect(truth.messages.disconnects == 1)
        #expect(truth.http == ["POST /api/chat 200": 1])
        #expect(truth.connections.closedByClient == 1)
        #expect(truth.connections.open == 0)
    }

    @Test("Events are acknowledged where that is asked for; echo with the very arguments")
    func acknowledgements() async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText(#"42456["echo",1, "2",{"3":[false]}]"#)
                #expect(try await client.text() == #"43456[1, "2",{"3":[false]}]"#)
                try await client.sendText(#"420["echo"]"#)
                #expect(try await client.text() == "430[]")
                try await client.sendText(#"42["echo",1]"#)
                try await client.sendText(#"427["update_context",{}]"#)
                #expect(try await client.text() == #"42["error",{"message":"Join a session first."}]"#)
                #expect(try await client.text() == #"437[{"ok":false,"error":"Join a session first."}]"#)
                try await client.sendText(#"428["join_session","s1"]"#)
                _ = try await client.text()
                #expect(try await client.text() == #"438[{"ok":true}]"#)
            }
        }
        #expect(truth.messages.acksSent == 4)
        #expect(truth.messages.received == ["echo": 3, "update_context": 1, "join_session": 1])
    }

    @Test("A namespace that does not exist is refused with CONNECT_ERROR, and the connection stays")
    func unknownNamespace() async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade()
                _ = try await client.frame()
                try await client.sendText("40/random")
                #expect(try await client.text() == #"44/random,{"message":"Invalid namespace"}"#)
                try await client.sendText("40")
                #expect(try await client.text().hasPrefix("40{"))
            }
        }
        #expect(truth.messages.connectErrors == 1)
    }

    @Test("An older socket of a session gets DISCONNECT and a close frame")
    func kick() async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { older in
                try await older.join("/socket.io/?EIO=4&transport=websocket&sessionId=s1")
                try await older.sendText(#"42["join_session",{"sessionId":"s1"}]"#)
                #expect(try await older.text().contains(#""restored":false"#))
                try await RawClient.talk(to: server.port) { newer in
                    try await newer.join()
                    try await newer.sendText(#"42["join_session",{"sessionId":"s1"}]"#)
                    #expect(try await newer.text().contains(#""restored":true"#))
                }
                #expect(try await older.text() == "41")
                #expect(try await older.close() == [])
                #expect(try await older.isAtEnd())
            }
        }
        #expect(truth.connections.kicked == 1)
        #expect(truth.connections.accepted == 2)
    }

    @Test("Pings come, and go on as long as pongs do; then the connection is dropped")
    func heartbeat() async throws {
        let truth = try await withServer {
            $0.pingInterval = .milliseconds(400)
            // Long, for a busy machine lets the client wait for its turn.
            $0.pingTimeout = .seconds(8)
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                for _ in 0..<3 {
                    #expect(try await client.frame().text == "2")
                    try await client.sendText("3")
                }
                #expect(try await client.frame().text == "2")
                #expect(try await client.close() == [])
            }
        }
        #expect(truth.messages.pingsSent == 4)
        #expect(truth.messages.pongsReceived == 3)
        #expect(truth.connections.heartbeatMissed == 1)
    }

    @Test("The heartbeat may be given beside the faults, and goes before that of the configuration")
    func heartbeatAsOption() async throws {
        let truth = try await withServer([.pingInterval(.milliseconds(300)), .pingTimeout(.milliseconds(200))]) {
            $0.pingInterval = .seconds(60)
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade()
                let open = try await client.frame().text
                #expect(open.contains(#""pingInterval":300,"pingTimeout":200,"#), "\(open)")
                #expect(try await client.frame().text == "2")
                #expect(try await client.close() == [])
            }
        }
        #expect(truth.connections.heartbeatMissed == 1)
        #expect(truth.faults == ["ping-interval=300ms", "ping-timeout=200ms"])
    }

    @Test("With no-ping, no ping ever comes")
    func noPing() async throws {
        let truth = try await withServer([.noPing, .chunks(5)]) {
            $0.pingInterval = .milliseconds(5)
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText(#"42["join_session","s1"]"#)
                _ = try await client.frame()
                _ = try await RawClient.talk(to: server.port) {
                    try await $0.request("POST", "/api/chat", body: #"{"sessionId":"s1","message":"Hi"}"#)
                }
                // The stream takes longer than nine intervals.
                for _ in 0..<6 { #expect(try await client.frame().text.hasPrefix("42")) }
            }
        }
        #expect(truth.messages.pingsSent == 0)
    }

    @Test("A client that joins no namespace is dropped")
    func neverJoined() async throws {
        let truth = try await withServer {
            $0.connectTimeout = .milliseconds(400)
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade()
                _ = try await client.close()
            }
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText("41")
                try await client.sendText("40")
                #expect(try await client.text().hasPrefix("40{"))
            }
        }
        #expect(truth.connections.neverJoined == 1)
        #expect(truth.connections.accepted == 2)
    }

    @Test("A second stop does nothing, and the truth stays")
    func stopTwice() async throws {
        let server = try await PracticeServer.start(.init(system: "leflux", port: 0))
        try await server.stop()
        let truth = await server.truth()
        try await server.stop()
        #expect(await server.truth() == truth)
    }

    @Test("An unknown system, a taken port and a fault given twice are errors that say what to do")
    func startErrors() async throws {
        await #expect {
            _ = try await PracticeServer.start(.init(system: "lefluxx", port: 0))
        } throws: {
            ($0 as? PracticeServerError)?.message.contains("did you mean 'leflux'?") == true
        }
        await #expect {
            _ = try await PracticeServer.start(.init(system: "leflux", port: 0, faults: [.noPing, .noPing]))
        } throws: {
            ($0 as? PracticeServerError)?.code == .invalidFault
        }
        try await withServer { server in
            await #expect {
                _ = try await PracticeServer.start(.init(system: "leflux", port: server.port))
            } throws: {
                ($0 as? PracticeServerError)?.code == .bindFailed
            }
        }
    }
}

import Testing

@testable import PracticeServer

/// The move of a session from polling to a WebSocket.
@Suite(.timeLimit(.minutes(1))) struct UpgradeEndToEndTests {
    @Test("A probe is answered, the poll that waits ends with a noop, and then the session has moved")
    func upgrade() async throws {
        let truth = try await withServer { server in
            let client = try await PollingClient.joined(server)
            try await RawClient.talk(to: server.port) { socket in
                #expect(try await socket.upgrade(client.upgradeURI).hasPrefix("HTTP/1.1 101 "))
                try await socket.sendText("2probe")
                #expect(try await socket.text() == "3probe")
                #expect(try await client.poll() == Answer(200, "6"))
                try await socket.sendText("5")
                try await socket.sendText(#"421["echo",1]"#)
                #expect(try await socket.text() == "431[1]")
                #expect(try await client.poll() == Answer(400, #"{"code":3,"message":"Bad request"}"#))
                #expect(try await client.post("3").status == 400)
                try await socket.sendText("1")
                #expect(try await socket.close() == [])
            }
        }
        #expect(truth.connections.accepted == 1)
        #expect(truth.connections.upgraded == 1)
        #expect(truth.connections.closedByClient == 1)
        #expect(truth.connections.open == 0)
    }

    @Test("What is said during the move is neither lost nor put out of order")
    func order() async throws {
        try await withServer { server in
            let client = try await PollingClient.joined(server)
            try await RawClient.talk(to: server.port) { socket in
                try await socket.upgrade(client.upgradeURI)
                for id in 0..<5 { _ = try await client.post(#"42\#(id)["echo",\#(id)]"#) }
                try await socket.sendText("2probe")
                #expect(try await socket.text() == "3probe")
                #expect(try await client.poll().body == (0..<5).map { "43\($0)[\($0)]" }.joined(separator: "\u{1E}"))
                for id in 5..<10 { _ = try await client.post(#"42\#(id)["echo",\#(id)]"#) }
                try await socket.sendText("5")
                for id in 10..<15 { try await socket.sendText(#"42\#(id)["echo",\#(id)]"#) }
                for id in 5..<15 { #expect(try await socket.text() == "43\(id)[\(id)]") }
            }
        }
    }

    @Test("A second WebSocket for a session is closed, during the move and after it")
    func second() async throws {
        try await withServer { server in
            let client = try await PollingClient.joined(server)
            try await RawClient.talk(to: server.port) { socket in
                try await socket.upgrade(client.upgradeURI)
                try await socket.sendText("2probe")
                _ = try await socket.text()
                for step in ["5", #"421["echo",1]"#] {
                    try await RawClient.talk(to: server.port) { other in
                        let head = try await other.upgrade(client.upgradeURI)
                        #expect(head.hasPrefix("HTTP/1.1 101 "))
                        #expect(try await other.close() == [])
                    }
                    try await socket.sendText(step)
                }
                #expect(try await socket.text() == "431[1]")
            }
        }
    }

    @Test(
        "A WebSocket that says anything but the probe is closed, and the session goes on polling",
        arguments: ["3", "2", "2probe2", #"42["echo"]"#]
    )
    func wrongProbe(packet: String) async throws {
        let truth = try await withServer { server in
            let client = try await PollingClient.joined(server)
            try await RawClient.talk(to: server.port) { socket in
                try await socket.upgrade(client.upgradeURI)
                try await socket.sendText(packet)
                #expect(try await socket.close() == [])
            }
            _ = try await client.post(#"421["echo",1]"#)
            #expect(try await client.poll() == Answer(200, "431[1]"))
        }
        #expect(truth.connections.upgraded == 0)
        #expect(truth.connections.open == 1)
    }

    @Test("A WebSocket that does not go on with the move is closed after its time")
    func timeout() async throws {
        try await withServer {
            $0.upgradeTimeout = .milliseconds(500)
        } _: { server in
            let client = try await PollingClient.joined(server)
            try await RawClient.talk(to: server.port) { socket in
                try await socket.upgrade(client.upgradeURI)
                try await socket.sendText("2probe")
                #expect(try await socket.text() == "3probe")
                #expect(try await socket.close() == [])
            }
            _ = try await client.post(#"421["echo",1]"#)
            #expect(try await client.poll() == Answer(200, "431[1]"))
        }
    }

    @Test("A WebSocket that goes away during the move leaves the session as it was, free for another one")
    func vanished() async throws {
        try await withServer { server in
            let client = try await PollingClient.joined(server)
            try await RawClient.talk(to: server.port) { socket in
                try await socket.upgrade(client.upgradeURI)
                try await socket.sendText("2probe")
                _ = try await socket.text()
                try await socket.sendFrame(0x88, [])
                _ = try await socket.close()
            }
            try await RawClient.talk(to: server.port) { socket in
                try await socket.upgrade(client.upgradeURI)
                try await socket.sendText("2probe")
                #expect(try await socket.text() == "3probe")
                try await socket.sendText("5")
                try await socket.sendText(#"421["echo",1]"#)
                #expect(try await socket.text() == "431[1]")
            }
        }
    }

    @Test("The end of the session ends the move")
    func sessionEnds() async throws {
        try await withServer { server in
            let client = try await PollingClient.joined(server)
            try await RawClient.talk(to: server.port) { socket in
                try await socket.upgrade(client.upgradeURI)
                try await socket.sendText("2probe")
                _ = try await socket.text()
                _ = try await client.post("1")
                #expect(try await socket.close() == [])
            }
        }
    }

    @Test("An upgrade may come on a connection that carried other requests before")
    func laterRequest() async throws {
        try await withServer { server in
            let client = try await PollingClient.joined(server)
            try await RawClient.talk(to: server.port) { socket in
                for _ in 0..<2 {
                    let head = try await socket.request("GET", "/health")
                    #expect(head.status == 200)
                }
                #expect(try await socket.upgrade(client.upgradeURI).hasPrefix("HTTP/1.1 101 "))
                try await socket.sendText("2probe")
                #expect(try await socket.text() == "3probe")
            }
        }
    }

    @Test("A ping that was sent before the move may be answered after it")
    func heartbeat() async throws {
        let truth = try await withServer {
            $0.pingInterval = .milliseconds(50)
            $0.pingTimeout = .seconds(20)
        } _: { server in
            let client = try await PollingClient(server)
            #expect(try await client.poll() == Answer(200, "2"))
            try await RawClient.talk(to: server.port) { socket in
                try await socket.upgrade(client.upgradeURI)
                try await socket.sendText("2probe")
                _ = try await socket.text()
                try await socket.sendText("5")
                try await socket.sendText("3")
                #expect(try await socket.frame().text == "2")
            }
        }
        #expect(truth.messages.pongsReceived == 1)
        #expect(truth.messages.pingsSent == 2)
    }
}

import Testing

@testable import PracticeServer

/// The events of the echo server, byte by byte.
@Suite(.timeLimit(.minutes(1))) struct EchoSocketIOTests {
    @Test("Echo comes back as an event, and as an acknowledgement where one is asked for")
    func echo() async throws {
        let truth = try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText(#"42["echo",1, {"a":[]}]"#)
                #expect(try await client.text() == #"42["echo",1, {"a":[]}]"#)
                try await client.sendText(#"427["echo"]"#)
                #expect(try await client.text() == #"42["echo"]"#)
                #expect(try await client.text() == "437[]")
            }
        }
        #expect(truth.messages.received == ["echo": 2])
        #expect(truth.messages.sent == ["echo": 2])
        #expect(truth.messages.acksSent == 1)
    }

    @Test("Binary arguments come back, as an event and as an acknowledgement, on a WebSocket")
    func binary() async throws {
        let truth = try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                let arguments = #"{"_placeholder":true,"num":0},"x",[{"_placeholder":true,"num":1}]"#
                try await client.sendText(#"452-9["echo",\#(arguments)]"#)
                try await client.sendFrame(0x82, [1, 2, 3])
                try await client.sendFrame(0x02, [4])
                try await client.sendFrame(0x80, [5])
                #expect(try await client.frame().text == #"452-["echo",\#(arguments)]"#)
                #expect(try await client.frame() == .init(opcode: 0x82, payload: [1, 2, 3]))
                #expect(try await client.frame() == .init(opcode: 0x82, payload: [4, 5]))
                #expect(try await client.frame().text == "462-9[\(arguments)]")
                #expect(try await client.frame() == .init(opcode: 0x82, payload: [1, 2, 3]))
                #expect(try await client.frame() == .init(opcode: 0x82, payload: [4, 5]))
            }
        }
        #expect(truth.messages.received == ["echo": 1])
    }

    @Test("Binary arguments come back by polling, in base64")
    func binaryByPolling() async throws {
        try await withServer {
            $0.system = "echo"
        } _: { server in
            let client = try await PollingClient.joined(server)
            let event = #"451-["echo",{"_placeholder":true,"num":0}]"# + "\u{1E}bAQIDBA=="
            #expect(try await client.post(event) == Answer(200, "ok"))
            #expect(try await client.poll() == Answer(200, event))
        }
    }

    @Test(
        "Attachments that do not fit their packet end the connection",
        arguments: [
            [#"4511-["echo"]"#], [#"451-["echo",{"_placeholder":true,"num":0}]"#, "3", #"42["echo"]"#], [nil],
        ] as [[String?]]
    )
    func wrongAttachments(messages: [String?]) async throws {
        let truth = try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                for message in messages {
                    if let message {
                        try await client.sendText(message)
                    } else {
                        try await client.sendFrame(0x82, [1])
                    }
                }
                #expect(try await client.close() == [])
            }
        }
        #expect(truth.connections.protocolErrors == 1)
        #expect(truth.messages.received.isEmpty)
    }

    @Test("Namespaces share a connection, and each has its own sid")
    func namespaces() async throws {
        let truth = try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade()
                _ = try await client.frame()
                var sids: Set<String> = []
                for (packet, start) in [("40/a,", "40/a,{"), (#"40/b,{"token":1}"#, "40/b,{"), ("40", "40{")] {
                    try await client.sendText(packet)
                    let answer = try await client.text()
                    #expect(answer.hasPrefix(start))
                    sids.insert(String(answer.dropFirst(start.count)))
                }
                #expect(sids.count == 3)
                try await client.sendText(#"42/a,1["echo","a"]"#)
                #expect(try await client.text() == #"42/a,["echo","a"]"#)
                #expect(try await client.text() == #"43/a,1["a"]"#)
                try await client.sendText(#"451-/b,["echo",{"_placeholder":true,"num":0}]"#)
                try await client.sendFrame(0x82, [7])
                #expect(try await client.text() == #"451-/b,["echo",{"_placeholder":true,"num":0}]"#)
                #expect(try await client.frame() == .init(opcode: 0x82, payload: [7]))
                try await client.sendText("40/c,")
                #expect(try await client.text() == #"44/c,{"message":"Invalid namespace"}"#)
                try await client.sendText("41/a,")
                try await client.sendText(#"42["echo",1]"#)
                #expect(try await client.text() == #"42["echo",1]"#)
                try await client.sendText(#"42/a,["echo",1]"#)
                #expect(try await client.close() == [])
            }
        }
        #expect(truth.messages.connects == 3)
        #expect(truth.messages.connectErrors == 1)
        #expect(truth.messages.disconnects == 1)
        #expect(truth.connections.protocolErrors == 1)
    }

    @Test("A question asks for an acknowledgement, and what it carries comes back")
    func question() async throws {
        let truth = try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText("40/a,")
                _ = try await client.text()
                try await client.sendText(#"42["ask","how?"]"#)
                #expect(try await client.text() == #"420["question","how?"]"#)
                try await client.sendText(#"42/a,5["ask"]"#)
                #expect(try await client.text() == #"42/a,1["question"]"#)
                #expect(try await client.text() == #"43/a,5[{"ok":true}]"#)
                // Ids that nobody asked with, or in another namespace, are passed over, as by the official server.
                try await client.sendText("439[1]")
                try await client.sendText("43/a,0[1]")
                try await client.sendText(#"430["so",2]"#)
                #expect(try await client.text() == #"42["answered","so",2]"#)
                try await client.sendText(#"461-/a,1[{"_placeholder":true,"num":0}]"#)
                try await client.sendFrame(0x82, [9])
                #expect(try await client.text() == #"451-/a,["answered",{"_placeholder":true,"num":0}]"#)
                #expect(try await client.frame() == .init(opcode: 0x82, payload: [9]))
                try await client.sendText("430[1]")
                try await client.sendText("421[\"ask\"]")
                #expect(try await client.text() == #"422["question"]"#)
            }
        }
        #expect(truth.messages.acksReceived == 5)
        #expect(truth.messages.sent == ["question": 3, "answered": 2])
    }

    @Test("Slow answers come in the order in which they are due, and not to who left")
    func slow() async throws {
        let truth = try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText("40/a,")
                _ = try await client.text()
                try await client.sendText(#"42/a,["slow",{"ms":20}]"#)
                try await client.sendText("41/a,")
                try await client.sendText(#"421["slow",{"ms":400}]"#)
                try await client.sendText(#"422["slow",{"ms":1}]"#)
                try await client.sendText(#"423["slow",{"ms":-1}]"#)
                #expect(try await client.text() == #"433[{"ok":false,"error":"say how many ms, from 0 to 60000"}]"#)
                #expect(try await client.text() == #"42["slow",{"ms":1}]"#)
                #expect(try await client.text() == #"432[{"ms":1}]"#)
                #expect(try await client.text() == #"42["slow",{"ms":400}]"#)
                #expect(try await client.text() == #"431[{"ms":400}]"#)
            }
        }
        #expect(truth.messages.sent == ["slow": 2])
        #expect(truth.messages.acksSent == 3)
    }

    @Test("Bye is acknowledged, and ends the connection by a DISCONNECT for each namespace")
    func bye() async throws {
        let truth = try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText("40/b,")
                _ = try await client.text()
                try await client.sendText(#"424["bye","now"]"#)
                #expect(try await client.text() == #"434["now"]"#)
                #expect(try await client.text() == "41")
                #expect(try await client.text() == "41/b,")
                #expect(try await client.close() == [])
            }
            let polling = try await PollingClient.joined(server)
            let answers = try await polling.polling { try await polling.post(#"42["bye"]"#) }
            #expect(answers.poll == Answer(200, "41"))
            #expect(try await polling.poll() == Answer(200, "1"))
            #expect(try await polling.poll().status == 400)
        }
        #expect(truth.connections.closedByServer == 2)
        #expect(truth.connections.open == 0)
    }

    @Test("Anything else is an unknown event")
    func unknown() async throws {
        try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText(#"421["shout"]"#)
                #expect(try await client.text() == #"431[{"ok":false,"error":"unknown event"}]"#)
            }
        }
    }
}

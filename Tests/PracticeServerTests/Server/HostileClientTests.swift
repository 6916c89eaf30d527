import Testing

@testable import PracticeServer

/// Whatever a client sends, the server ends that connection at most, and serves the next one.
@Suite(.timeLimit(.minutes(1))) struct HostileClientTests {
    private func serves(_ server: PracticeServer) async throws -> Bool {
        try await RawClient.talk(to: server.port) { client in
            try await client.join()
            try await client.sendText(#"421["echo",1]"#)
            return try await client.text() == "431[1]"
        }
    }

    @Test(
        "A malformed packet ends the connection with a close frame without a code",
        arguments: [
            "", "abc", "4abc", "42{}", #"42abc["message"]"#, "2probe", "42[\"a\",", "42[\"a\",\"\u{1}\"]", "40[]",
            #"4511-["bin",{"_placeholder":true,"num":0}]"#, "42" + String(repeating: "[", count: 60_000),
        ]
    )
    func malformed(packet: String) async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText(packet)
                #expect(try await client.close() == [])
            }
            #expect(try await serves(server))
        }
        #expect(truth.connections.protocolErrors == 1)
    }

    @Test("Text that is no UTF-8 ends the connection")
    func invalidUTF8() async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendFrame(0x81, Array(#"42["a",""#.utf8) + [0xFF, 0xFE] + Array("\"]".utf8))
                _ = try await client.close()
            }
        }
        #expect(truth.connections.protocolErrors == 1)
    }

    @Test(
        "Frames that RFC 6455 does not allow end the connection with a code",
        arguments: [
            ([0x81, 0x02, 0x34, 0x30], 1002),  // not masked
            ([0xC1, 0x82, 1, 2, 3, 4, 0x35, 0x32], 1002),  // RSV1 without an extension
            ([0x80, 0x81, 1, 2, 3, 4, 5], 1002),  // continues nothing
            ([0x01, 0x81, 1, 2, 3, 4, 5, 0x81, 0x81, 1, 2, 3, 4, 5], 1002),  // begins anew before the end
            ([0x83, 0x80, 1, 2, 3, 4], 1002),  // an opcode that nobody knows
            ([0x09, 0x80, 1, 2, 3, 4], 1002),  // a fragmented ping
        ] as [([UInt8], Int)]
    )
    func badFrames(bytes: [UInt8], code: Int) async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.send(bytes)
                #expect(try await client.close().prefix(2).reduce(0) { $0 << 8 | Int($1) } == code)
            }
            #expect(try await serves(server))
        }
        #expect(truth.connections.protocolErrors == 1)
    }

    @Test("A message beyond maxPayload ends the connection with 1009, whole or in fragments", arguments: [true, false])
    func tooLarge(isWhole: Bool) async throws {
        let truth = try await withServer {
            $0.maxPayload = 10_000
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText(#"421["echo","\#(String(repeating: "x", count: 9_900))"]"#)
                #expect(try await client.text().count == 9_900 + 7)
                let part = [UInt8](repeating: UInt8(ascii: "x"), count: 6_000)
                if isWhole {
                    try await client.sendFrame(0x81, part + part)
                } else {
                    try await client.sendFrame(0x01, part)
                    try await client.sendFrame(0x80, part)
                }
                #expect(try await client.close().prefix(2) == [0x03, 0xF1])
            }
            #expect(try await serves(server))
        }
        #expect(truth.connections.tooLarge == 1)
    }

    @Test("Fragments are put together, with a ping between them answered")
    func fragments() async throws {
        try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendFrame(0x01, Array(#"421["ec"#.utf8))
                try await client.sendFrame(0x89, Array("hello".utf8))
                try await client.sendFrame(0x00, Array(#"ho","#.utf8))
                try await client.sendFrame(0x80, Array("5]".utf8))
                #expect(try await client.frame() == .init(opcode: 0x8A, payload: Array("hello".utf8)))
                #expect(try await client.text() == "431[5]")
            }
        }
    }

    @Test("A client's close frame is answered with its code")
    func closeFrame() async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendFrame(0x88, [0x03, 0xE8] + Array("bye".utf8))
                #expect(try await client.close() == [0x03, 0xE8])
                #expect(try await client.isAtEnd())
            }
        }
        #expect(truth.connections.closedByClient == 1)
    }

    @Test("A client that vanishes is counted as closed by itself")
    func vanished() async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in try await client.join() }
            // The server has read the end of the first connection before it serves the second.
            #expect(try await serves(server))
        }
        #expect(truth.connections.closedByClient >= 1)
    }

    @Test(
        "Upgrades that are not in order get a status and a body",
        arguments: [
            ("/socket.io/?EIO=4&transport=polling", [], 400, #"{"code":3,"message":"Bad request"}"#),
            ("/socket.io/?EIO=4", [], 400, #"{"code":0,"message":"Transport unknown"}"#),
            ("/socket.io/?EIO=3&transport=websocket", [], 400, #"{"code":5,"message":"Unsupported protocol version"}"#),
            ("/socket.io/?EIO=4&transport=websocket&sid=x", [], 400, #"{"code":1,"message":"Session ID unknown"}"#),
            (
                "/socket.io/?EIO=4&transport=websocket", ["Origin: https://evil.example"], 403,
                #"{"code":4,"message":"Forbidden"}"#
            ),
            ("/ws", [], 404, #"{"error":"not_found"}"#),
        ] as [(String, [String], Int, String)]
    )
    func badUpgrades(uri: String, headers: [String], status: Int, body: String) async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                let head = try await client.upgrade(uri, headers: headers)
                #expect(head.hasPrefix("HTTP/1.1 \(status) "))
                #expect(head.contains("\r\nContent-Length: \(body.utf8.count)\r\n"))
                #expect(head.lowercased().contains("\r\nconnection: close\r\n"))
            }
        }
        #expect(truth.connections.rejected == 1)
        #expect(truth.connections.accepted == 0)
        #expect(truth.http == [:])
    }

    @Test("An upgrade without a key is turned down as a bad request")
    func noKey() async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                let answer = try await client.request(
                    "GET",
                    "/socket.io/?EIO=4&transport=websocket",
                    headers: ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
                )
                #expect(answer.status == 400)
                #expect(answer.body == #"{"code":3,"message":"Bad request"}"#)
            }
        }
        #expect(truth.connections.rejected == 1)
    }

    @Test("HTTP requests are answered one after the other on one connection, and counted by route and status")
    func requests() async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                #expect(try await client.request("GET", "/health").body == #"{"status":"ok"}"#)
                #expect(try await client.request("GET", "/socket.io/?EIO=4&transport=x").status == 400)
                #expect(try await client.request("POST", "/api/chat", body: "{").status == 400)
                #expect(try await client.request("GET", "/secret").status == 404)
                let forbidden = try await client.request("GET", "/health", headers: ["Origin: https://evil.example"])
                #expect(forbidden.status == 403)
                let large = String(repeating: "x", count: 1_000_001)
                #expect(try await client.request("POST", "/api/chat", body: large).status == 413)
            }
        }
        #expect(
            truth.http == [
                "GET /health 200": 1, "GET /socket.io/ 400": 1, "POST /api/chat 400": 1, "other 404": 1, "other 403": 1,
                "other 413": 1,
            ]
        )
    }

    @Test("Bytes that are no HTTP end the connection")
    func noHTTP() async throws {
        try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.send("\u{16}\u{3}\u{1} this is no request\r\n\r\n")
                #expect(try await client.isAtEnd())
            }
            #expect(try await serves(server))
        }
    }

    @Test("Ever new names of events are counted, but not remembered without bound")
    func manyNames() async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                for index in 0..<200 { try await client.sendText(#"42["name\#(index)"]"#) }
                try await client.sendText(#"421["echo",1]"#)
                #expect(try await client.text() == "431[1]")
            }
        }
        #expect(truth.messages.received.values.reduce(0, +) == 201)
        #expect(truth.messages.received.count <= 65)
    }
}

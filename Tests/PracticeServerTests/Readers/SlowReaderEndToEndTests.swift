import NIOCore
import Testing

@testable import PracticeServer

/// Clients that do not read, over real sockets.
@Suite(.serialized, .timeLimit(.minutes(1))) struct SlowReaderEndToEndTests {
    private static let text = String(repeating: "x", count: 200_000)
    private static let large = RawClient.longFrame(0x82, text)
    private static let event = RawClient.longFrame(0x81, #"451-["echo",{"_placeholder":true,"num":0}]"#) + large
    private static let envelope = RawClient.longFrame(0x81, #"{"type":"echo","payload":"\#(text)"}"#)

    /// Sends messages, all of which come back, until the server has seen something.
    ///
    /// - Returns: How many.
    @discardableResult
    private static func flood(
        _ client: inout RawClient,
        _ server: PracticeServer,
        until isSeen: (Truth.Readers) -> Bool
    ) async throws -> Int {
        var sent = 0
        while await !isSeen(server.truth().readers) {
            try await client.send(large)
            sent += 1
        }
        return sent
    }

    @Test(
        "A client for which more waits than the buffer holds is reset",
        arguments: ["/ws", "/socket.io/?EIO=4&transport=websocket"]
    )
    func cut(uri: String) async throws {
        let truth = try await withServer([.buffer(1_000_000)]) {
            $0.system = "echo"
        } _: { server in
            await #expect {
                try await RawClient.talk(to: server.port, receiveBuffer: 8192) { client in
                    if uri == "/ws" {
                        try await client.upgrade("/ws?client=sleeper")
                    } else {
                        try await client.join(uri)
                    }
                    while await server.truth().readers.cut == 0 {
                        try await client.send(uri == "/ws" ? Self.large : Self.event)
                    }
                    while true { #expect(try await client.frame().opcode != 0x88) }
                }
            } throws: {
                // The reset reaches the client while it reads or while it writes; there is no close frame before it.
                $0 is IOError || $0 is ChannelError || $0 is ClientError
            }
        }
        #expect(truth.connections.tooSlow == 1)
        #expect(truth.connections.open == 0)
        #expect(truth.connections.closedByClient == 0)
        #expect(truth.readers.cut == 1)
        #expect(truth.readers.blocked == 1)
        let cut = try #require(truth.readers.cuts.first)
        #expect(cut.bytes > 1_000_000)
        #expect(cut.bytes <= truth.readers.largestBacklog)
        #expect(truth.readers.bytes >= cut.bytes)
        #expect(cut.after >= 0)
        #expect(uri != "/ws" || cut.client == "sleeper")
    }

    @Test("A session that polls is cut off when more waits for the next poll than the buffer holds")
    func polling() async throws {
        let truth = try await withServer([.buffer(1000)]) {
            $0.system = "echo"
        } _: { server in
            let client = try await PollingClient.joined(server)
            let text = String(repeating: "x", count: 600)
            #expect(try await client.post(#"42["echo","\#(text)"]"#).status == 200)
            #expect(try await client.poll().body.hasSuffix(#"xx"]"#))
            #expect(try await client.post(#"42["echo","\#(text)"]"#).status == 200)
            #expect(await server.truth().readers.cut == 0)
            _ = try await client.post(#"42["echo","\#(text)"]"#)
            try await untilCounted(server) { $0.readers.cut > 0 }
            #expect(try await client.poll() == Answer(400, #"{"code":1,"message":"Session ID unknown"}"#))
        }
        #expect(truth.connections.tooSlow == 1)
        #expect(truth.connections.reasons == ["transport close": 1])
        #expect(truth.readers.cuts.first.map { $0.bytes > 1000 } == true)
    }

    @Test("A client that took too long for a message gets what is on its way, and then nothing more but pongs")
    func zombie() async throws {
        let truth = try await withServer([.zombie(.milliseconds(50))]) {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port, receiveBuffer: 8192) { client in
                try await client.upgrade("/ws/json?client=sleeper")
                while await server.truth().readers.zombies == 0 { try await client.send(Self.envelope) }
                let before = await server.truth()
                #expect(before.connections.open == 1)
                try await client.sendFrame(0x89, Array("still there".utf8))
                var echoes = 0
                while true {
                    let frame = try await client.frame()
                    if frame.opcode == 0x8A { break }
                    echoes += 1
                }
                #expect(await server.truth().messages.sent["echo"] == echoes)
                #expect(await server.truth().readers.drains.count == 1)
            }
        }
        #expect(truth.readers.zombies == 1)
        #expect(truth.connections.silenced == 1)
        #expect(truth.readers.silenced.first?.client == "sleeper")
        let received = truth.messages.received["echo", default: 0]
        #expect(truth.readers.suppressed == received - truth.messages.sent["echo", default: 0])
        #expect(truth.readers.drains.max >= 50)
        #expect(truth.connections.tooSlow == 0)
    }

    @Test("At /ws nothing at all comes any more, and what does not come back is counted")
    func echoZombie() async throws {
        let truth = try await withServer([.zombie(.milliseconds(50))]) {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port, receiveBuffer: 8192) { client in
                try await client.upgrade("/ws")
                try await Self.flood(&client, server) { $0.zombies == 1 && $0.suppressed > 0 }
            }
        }
        let received = truth.messages.received["message", default: 0]
        #expect(truth.messages.sent["message", default: 0] == received - truth.readers.suppressed)
        #expect(truth.connections.silenced == 1)
    }

    @Test("Without a fault a client that reads again gets everything, and the time it took is written down")
    func drained() async throws {
        let truth = try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port, receiveBuffer: 8192) { client in
                try await client.upgrade("/ws")
                let sent = try await Self.flood(&client, server) { $0.largestBacklog > 1_000_000 }
                for _ in 0..<sent { #expect(try await client.frame().payload.count == Self.text.utf8.count) }
                try await untilCounted(server) { $0.readers.drains.count > 0 }
            }
        }
        #expect(truth.readers.blocked == 1)
        #expect(truth.readers.episodes >= 1)
        #expect(truth.readers.drains.count == truth.readers.episodes)
        #expect(truth.readers.drains.sum >= truth.readers.drains.max)
        #expect(truth.readers.cut == 0)
        #expect(truth.readers.zombies == 0)
    }

    @Test("A member of a room that does not read gets no broadcast any more; the others get all of them")
    func broadcast() async throws {
        let truth = try await withServer([.zombie(.milliseconds(50))]) {
            $0.system = "flock"
        } _: { server in
            try await RawClient.talk(to: server.port, receiveBuffer: 8192) { sleeper in
                try await sleeper.upgrade("/plugin/ws")
                try await RawClient.talk(to: server.port) { publisher in
                    let text = String(repeating: "x", count: 900_000)
                    let body = FlockTests.body("Note", #"{"text":"\#(text)"}"#)
                    while await server.truth().readers.zombies == 0 {
                        _ = try await publisher.request("POST", FlockTests.publish, body: body)
                    }
                }
                #expect(await server.truth().connections.open == 1)
            }
        }
        #expect(truth.connections.silenced == 1)
        #expect(truth.readers.suppressed == 0, "who is no member is sent nothing")
    }
}

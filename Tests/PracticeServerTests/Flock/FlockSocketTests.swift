import Testing

@testable import PracticeServer

/// Flock over real sockets.
@Suite(.timeLimit(.minutes(1))) struct FlockSocketTests {
    @Test("A run is broadcast over the WebSocket, wherever the prefix puts it")
    func broadcast() async throws {
        let truth = try await withServer([.prefix("/realtime"), .chunks(2)]) {
            $0.system = "flock"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                let head = try await client.upgrade("/plugin/ws")
                #expect(head.hasPrefix("HTTP/1.1 404 "))
            }
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade("/realtime/ws")
                try await RawClient.talk(to: server.port) { publisher in
                    let answer = try await publisher.request("POST", FlockTests.publish, body: FlockTests.body())
                    #expect(answer.status == 200)
                }
                var types: [String] = []
                for _ in 0..<8 { types.append(String(try await client.text().dropFirst(9).prefix { $0 != "\"" })) }
                #expect(types.first == "artifact_published")
                #expect(types.last == "agent_execution_completed")
            }
        }
        #expect(truth.connections.accepted == 1)
        #expect(truth.connections.rejected == 1)
        #expect(truth.http == ["POST \(FlockTests.publish) 200": 1])
        #expect(truth.messages.sent["streaming_output"] == 2)
    }

    @Test("Today's server forgets a client that stops reading, keeps its connection, and goes on with the others")
    func zombie() async throws {
        let truth = try await withServer([.chunks(1)]) {
            $0.system = "flock-current"
        } _: { server in
            try await RawClient.talk(to: server.port) { sleeper in
                try await sleeper.upgrade("/plugin/ws")
                try await RawClient.talk(to: server.port) { publisher in
                    // More than all buffers in between hold.
                    let text = String(repeating: "x", count: 900_000)
                    let body = FlockTests.body("Note", #"{"text":"\#(text)"}"#)
                    while await server.truth().connections.silenced == 0 {
                        let answer = try await publisher.request("POST", FlockTests.publish, body: body)
                        #expect(answer.status == 200)
                    }
                }
                #expect(await server.truth().connections.open == 1)
                try await RawClient.talk(to: server.port) { other in
                    try await other.upgrade("/plugin/ws")
                    try await RawClient.talk(to: server.port) { publisher in
                        let body = FlockTests.body("Note", #"{"text":"after"}"#)
                        _ = try await publisher.request("POST", FlockTests.publish, body: body)
                    }
                    while true {
                        if try await other.text().contains(#"{"text":"after"}"#) { break }
                    }
                }
                // What was on its way still comes; what was said since does not.
                #expect(try await sleeper.frame().opcode == 0x81)
            }
        }
        #expect(truth.connections.silenced == 1)
    }
}

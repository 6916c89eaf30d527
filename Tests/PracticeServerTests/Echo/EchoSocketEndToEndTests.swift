import NIOCore
import Testing

@testable import PracticeServer

/// `/ws`, where every message comes back.
@Suite(.timeLimit(.minutes(1))) struct EchoSocketEndToEndTests {
    @Test("Text, binary, fragments and long messages come back as they are, and pings get pongs")
    func echo() async throws {
        let truth = try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade("/ws")
                try await client.sendText("hello")
                #expect(try await client.frame() == .init(opcode: 0x81, payload: Array("hello".utf8)))
                try await client.sendFrame(0x82, [])
                #expect(try await client.frame() == .init(opcode: 0x82, payload: []))
                let long = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                try await client.sendFrame(0x82, long)
                #expect(try await client.frame() == .init(opcode: 0x82, payload: long))
                try await client.sendFrame(0x01, [0x61])
                try await client.sendFrame(0x89, [1, 2])
                try await client.sendFrame(0x80, [0x62])
                #expect(try await client.frame() == .init(opcode: 0x01, payload: [0x61]))
                #expect(try await client.frame() == .init(opcode: 0x8A, payload: [1, 2]))
                #expect(try await client.frame() == .init(opcode: 0x80, payload: [0x62]))
                try await client.sendFrame(0x88, [0x03, 0xE8, 0x61])
                #expect(try await client.frame() == .init(opcode: 0x88, payload: [0x03, 0xE8]))
                #expect(try await client.isAtEnd())
            }
        }
        #expect(truth.messages.received == ["message": 4])
        #expect(truth.messages.sent == ["message": 4])
        #expect(truth.connections.accepted == 1)
        #expect(truth.connections.closedByClient == 1)
    }

    @Test("Messages that come together with the request for the upgrade come back")
    func early() async throws {
        try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                var bytes = Array(
                    ("GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").utf8
                )
                bytes += [0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]
                try await client.send(bytes)
                #expect(try await client.head().hasPrefix("HTTP/1.1 101 "))
                #expect(try await client.frame().text == "hi")
            }
        }
    }

    @Test("A frame that is not allowed ends the connection with 1002")
    func violation() async throws {
        let truth = try await withServer {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade("/ws")
                try await client.send([0x81, 0x01, 0x61])
                #expect(try await client.close() == [0x03, 0xEA])
                #expect(try await client.isAtEnd())
            }
        }
        #expect(truth.connections.protocolErrors == 1)
    }

    @Test("With latency every message is counted as delayed, and the order stays")
    func latency() async throws {
        let truth = try await withServer([.latency(.milliseconds(5), jitter: .milliseconds(5))]) {
            $0.system = "echo"
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade("/ws")
                for id in 0..<40 { try await client.sendText("\(id)") }
                for id in 0..<40 { #expect(try await client.frame().text == "\(id)") }
            }
        }
        #expect(truth.messages.delayed == 40)
    }

    @Test("kill-after resets, and no-pong leaves pings without an answer")
    func faults() async throws {
        let truth = try await withServer([.killAfter(.seconds(2)), .noPong]) {
            $0.system = "echo"
        } _: { server in
            await #expect {
                try await RawClient.talk(to: server.port) { client in
                    try await client.upgrade("/ws")
                    try await client.sendFrame(0x89, [1])
                    try await client.sendText("a")
                    #expect(try await client.frame().text == "a")
                    _ = try await client.frame()
                }
            } throws: {
                ($0 as? IOError)?.errnoCode == 104  // ECONNRESET
            }
        }
        #expect(truth.connections.killed == 1)
    }
}

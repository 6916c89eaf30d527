import Foundation
import NIOCore
import Testing

@testable import LoadRunner

@Suite("WebSocket through the recording proxy", .timeLimit(.minutes(1)))
struct ProxyWebSocketEndToEndTests {
    @Test("Frames go by byte for byte in both directions, and are read along", arguments: [false, true])
    func frames(isDripped: Bool) async throws {
        try await ProxyBench.run { bench in
            let (client, server) = try await bench.openSocket()
            let frame = WebSocketTapTests.frame
            let out =
                frame(0x81, Array("hi".utf8), [1, 2, 3, 4]) + frame(0x89, Array("p".utf8), [0, 0, 0, 0])
                + frame(0x02, Array("a".utf8), [9, 8, 7, 6]) + frame(0x80, Array("b".utf8), [5, 5, 5, 5])
                + frame(0x88, [0x0F, 0xA0] + Array("mine".utf8), [1, 1, 1, 1])
            let back = frame(0x01, Array("you".utf8), nil) + frame(0x8A, Array("p".utf8), nil) + frame(0x80, [], nil)
            let (head, answer) = (server.seen.bytes.count, client.seen.bytes.count)
            for (end, bytes) in [(client, out), (server, back)] {
                if isDripped { for byte in bytes { end.send([byte]) } } else { end.send(bytes) }
            }
            await server.until { $0.bytes.count >= head + out.count }
            await client.until { $0.bytes.count >= answer + back.count }
            #expect(Array(server.seen.bytes.dropFirst(head)) == out)
            #expect(Array(client.seen.bytes.dropFirst(answer)) == back)
            let said = bench.traffic.lines
            #expect(
                said.filter { $0.hasPrefix("out") }
                    == ["out text hi", "out ping p", "out binary ab", "out closed 4000 mine"]
            )
            #expect(said.filter { $0.hasPrefix("in") } == ["in pong p", "in text you"])
        }
    }

    @Test("What comes right behind the handshake is not lost")
    func early() async throws {
        try await ProxyBench.run { bench in
            let client = try await bench.connect()
            let frame = WebSocketTapTests.frame(0x81, [0x61], mask: [0, 0, 0, 0])
            client.send(
                Array("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n".utf8) + frame
            )
            let server = try await bench.nextPeer()
            await server.until(text: "\r\n\r\n")
            let answer = "HTTP/1.1 101 Switching\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n\r\n"
            server.send(Array(answer.utf8) + [0x81, 0x01, 0x62])
            await client.until { $0.bytes.suffix(3) == [0x81, 0x01, 0x62] }
            await server.until { $0.bytes.suffix(frame.count) == frame[...] }
            #expect(bench.traffic.lines.dropFirst(2).sorted() == ["in text b", "out text a"])
        }
    }

    @Test("A socket that ends without a close frame is noted so")
    func noCloseFrame() async throws {
        try await ProxyBench.run { bench in
            let (client, server) = try await bench.openSocket()
            server.close()
            await client.until { $0.inputEnded }
            #expect(bench.traffic.lines.last == "in closed 1006 ")
        }
    }

    @Test("A thousand sockets are open at once, and each hears its own")
    func thousand() async throws {
        let count = 1000
        let echo: @Sendable (SocketEnd) -> Void = { end in
            let seen = end.seen.text
            guard let mark = seen.range(of: "\r\n\r\n") else { return }
            if seen.hasSuffix("\r\n\r\n") {
                end.send("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
            } else {
                let name = seen[mark.upperBound...].dropFirst()
                // The client's mask is 0: the payload stands behind a header of six bytes.
                let bytes = end.seen.bytes.suffix(4)
                if name.count >= 4 { end.send([0x81, 0x04] + bytes) }
            }
        }
        DescriptorLimit.raise()
        try await ProxyBench.run(onBytes: echo) { bench in
            var clients: [SocketEnd] = []
            for _ in 0..<count {
                let client = try await bench.connect()
                client.send("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                clients.append(client)
            }
            for client in clients { await client.until(text: "\r\n\r\n") }
            for (number, client) in clients.enumerated() {
                client.send([0x81, 0x84, 0, 0, 0, 0] + Array(String(number + 1000).utf8))
            }
            for (number, client) in clients.enumerated() {
                await client.until { $0.bytes.suffix(6) == [0x81, 0x04] + Array(String(number + 1000).utf8) }
            }
            #expect(!clients.contains { $0.seen.isClosed })
            let said = bench.traffic.lines
            #expect(said.count { $0.hasPrefix("out text") } == count)
            #expect(said.count { $0.hasPrefix("in text") } == count)
            for client in clients { client.close() }
        }
    }
}

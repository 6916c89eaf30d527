import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("The ends of connections through the recording proxy", .timeLimit(.minutes(1)))
struct ProxyEndingEndToEndTests {
    @Test("A client that sends no more still gets its answer")
    func clientHalfCloses() async throws {
        try await ProxyBench.run { bench in
            let client = try await bench.connect()
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            client.finish()
            let server = try await bench.nextPeer()
            await server.until { $0.inputEnded }
            server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            await client.until(text: "ok")
            server.close()
            await client.until { $0.isClosed }
            #expect(!client.seen.wasReset)
        }
    }

    @Test("A server that sends no more can still be talked to")
    func serverHalfCloses() async throws {
        try await ProxyBench.run { bench in
            let (client, server) = try await bench.openSocket()
            server.finish()
            await client.until { $0.inputEnded }
            client.send([0x81, 0x80, 1, 2, 3, 4])
            await server.until { $0.bytes.suffix(6) == [0x81, 0x80, 1, 2, 3, 4] }
            client.close()
            await server.until { $0.isClosed }
            #expect(!server.seen.wasReset)
        }
    }

    @Test("A reset is passed on as one", arguments: [false, true])
    func reset(isServers: Bool) async throws {
        try await ProxyBench.run { bench in
            let (client, server) = try await bench.openSocket()
            let (from, to) = isServers ? (server, client) : (client, server)
            from.reset()
            await to.until { $0.isClosed }
            #expect(to.seen.wasReset)
            let who = isServers ? "server" : "client"
            #expect(bench.traffic.lines.contains("failed the \(who) reset the connection"))
        }
    }

    @Test("An idle connection that the server closes is closed to the client")
    func idle() async throws {
        try await ProxyBench.run { bench in
            let client = try await bench.connect()
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let server = try await bench.nextPeer()
            await server.until(text: "\r\n\r\n")
            server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await client.until(text: "\r\n\r\n")
            server.close()
            await client.until { $0.inputEnded }
            #expect(!client.seen.wasReset)
            #expect(bench.traffic.lines.count == 2)
        }
    }

    @Test("A server that ends without an answer, or within one, does so to the client")
    func cutAnswers() async throws {
        try await ProxyBench.run { bench in
            let first = try await bench.connect()
            first.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n")
            let one = try await bench.nextPeer()
            await one.until(text: "\r\n\r\n")
            one.close()
            await first.until { $0.inputEnded }
            #expect(first.seen.bytes.isEmpty)

            let second = try await bench.connect()
            second.send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
            let two = try await bench.nextPeer()
            await two.until(text: "\r\n\r\n")
            two.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            two.close()
            await second.until { $0.inputEnded }
            #expect(second.seen.text.hasSuffix("half"))
            #expect(
                bench.traffic.lines == [
                    "requested GET /1", "failed the server ended the connection without an answer to GET /1",
                    "requested GET /2", "failed the server ended the connection in the middle of an answer",
                    "answered GET /2 [] 200 [half] cut",
                ]
            )
        }
    }

    @Test("A server that cannot be reached is a 502 with a sentence")
    func unreachable() async throws {
        try await ProxyBench.run(configure: { $0.target.port = 1 }) { bench in
            let client = try await bench.connect()
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12")
            await client.until { $0.inputEnded }
            #expect(client.seen.text.hasPrefix("HTTP/1.1 502 Bad Gateway\r\n"))
            #expect(client.seen.text.contains("\r\n\r\nThe recording proxy could not reach http://localhost:1: "))
            #expect(bench.traffic.lines.count == 1)
            client.close()
        }
    }

    @Test("Who takes the proxy for a forward proxy is told so")
    func connectMethod() async throws {
        try await ProxyBench.run { bench in
            let client = try await bench.connect()
            client.send("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n")
            await client.until { $0.inputEnded }
            #expect(client.seen.text.hasPrefix("HTTP/1.1 501 "))
            #expect(client.seen.text.contains("not as an HTTP proxy"))
        }
    }

    @Test("When the proxy ends, WebSockets are told and requests are answered")
    func proxyEnds() async throws {
        try await ProxyBench.run { bench in
            let (client, server) = try await bench.openSocket()
            let asking = try await bench.connect()
            asking.send("GET /poll HTTP/1.1\r\nHost: x\r\n\r\n")
            await (try await bench.nextPeer()).until(text: "/poll")
            async let stopped: Void = bench.proxy.stop(within: .seconds(20))
            await client.until { $0.inputEnded }
            await server.until { $0.inputEnded }
            await asking.until { $0.inputEnded }
            #expect(client.seen.bytes.suffix(4) == [0x88, 0x02, 0x03, 0xE9])
            #expect(server.seen.bytes.suffix(8) == [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE9])
            #expect(asking.seen.text.hasPrefix("HTTP/1.1 503 "))
            client.close()
            server.close()
            asking.close()
            try await stopped
        }
    }
}

import Foundation
import NIOCore
import Testing

@testable import LoadRunner

@Suite("HTTP through the recording proxy", .timeLimit(.minutes(1)))
struct ProxyHTTPEndToEndTests {
    /// Answers as servers may give them, with the method that they answer.
    struct Answer: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var method = "GET"
        var bytes: String
        /// The body as the recording has it.
        var body: String
        var status = 200
    }

    static let answers = [
        Answer(
            testDescription: "a length, odd names, odd blanks and repeated headers",
            bytes: "HTTP/1.1 200 All Is  Well\r\ncontent-LENGTH:  5 \r\nX-Two: 1\r\nX-Empty:\r\nX-Two:2\r\n\r\nhello",
            body: "hello"
        ),
        Answer(
            testDescription: "chunks with extensions and trailers",
            bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
                + "5;a=\"b\"\r\nhello\r\n00A\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n",
            body: "hello0123456789"
        ),
        Answer(
            testDescription: "HEAD, whose length is of no body",
            method: "HEAD",
            bytes: "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n",
            body: ""
        ),
        Answer(
            testDescription: "304 with the length of what did not change",
            bytes: "HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\nETag: \"x\"\r\n\r\n",
            body: "",
            status: 304
        ),
        Answer(testDescription: "204", bytes: "HTTP/1.1 204 No Content\r\n\r\n", body: "", status: 204),
        Answer(
            testDescription: "hints before the answer",
            bytes: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 404 \r\nContent-Length: 2\r\n\r\nno",
            body: "no",
            status: 404
        ),
        Answer(
            testDescription: "lines that end in LF alone",
            bytes: "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
            body: "ok"
        ),
    ]

    @Test("An answer comes as it was sent, whole or byte by byte", arguments: answers, [false, true])
    func answer(_ answer: Answer, isDripped: Bool) async throws {
        try await ProxyBench.run { bench in
            let client = try await bench.connect()
            // Twice on one connection: whoever lost count of the first would not get the second.
            var server: SocketEnd?
            for turn in 1...2 {
                client.send("\(answer.method) /\(turn) HTTP/1.1\r\nHost: x\r\n\r\n")
                if server == nil { server = try await bench.nextPeer() }
                let peer = try #require(server)
                await peer.until(text: "/\(turn) HTTP")
                if isDripped {
                    for byte in answer.bytes.utf8 { peer.send([byte]) }
                } else {
                    peer.send(answer.bytes)
                }
                await client.until { [bytes = answer.bytes] in $0.bytes.count >= bytes.utf8.count * turn }
            }
            #expect(client.seen.text == answer.bytes + answer.bytes)
            let lines = (1...2).flatMap { turn in
                let line = "\(answer.method) /\(turn)"
                return ["requested \(line)", "answered \(line) [] \(answer.status) [\(answer.body)]"]
            }
            #expect(bench.traffic.lines == lines)
        }
    }

    @Test("An answer that ends with its connection ends as it did")
    func untilClose() async throws {
        try await ProxyBench.run { bench in
            let client = try await bench.connect()
            client.send("GET / HTTP/1.0\r\n\r\n")
            let server = try await bench.nextPeer()
            await server.until(text: "\r\n\r\n")
            server.send("HTTP/1.0 200 OK\r\n\r\nall of it")
            server.close()
            await client.until { $0.inputEnded }
            #expect(client.seen.text == "HTTP/1.0 200 OK\r\n\r\nall of it")
            #expect(bench.traffic.lines.last == "answered GET / [] 200 [all of it]")
            client.close()
            await server.until { $0.isClosed }
        }
    }

    @Test("A request comes as it was sent but for what has to be changed", arguments: [false, true])
    func request(isDripped: Bool) async throws {
        try await ProxyBench.run { bench in
            let client = try await bench.connect()
            let request = """
                \r\nPOST /a?b=c HTTP/1.1\r\nhost: 127.0.0.1:8099\r\nORIGIN: http://page\r\nAccept-Encoding: gzip\r
                Cookie: a=b\r\nTransfer-Encoding: chunked\r\nX-Folded: a\r\n  b\r\n\r\n3;x\r\nabc\r\n0\r\nT: 1\r\n\r\n
                """
            if isDripped {
                for byte in request.utf8 { client.send([byte]) }
            } else {
                client.send(request)
            }
            let server = try await bench.nextPeer()
            await server.until(text: "T: 1\r\n\r\n")
            let authority = "localhost:\(try #require(server.channel?.localAddress?.port))"
            #expect(
                server.seen.text == """
                    POST /a?b=c HTTP/1.1\r\nhost: \(authority)\r\nORIGIN: http://page\r
                    Cookie: a=b\r\nTransfer-Encoding: chunked\r\nX-Folded: a\r\n  b\r\n\r\n3;x\r\nabc\r\n0\r\nT: 1\r\n\r\n
                    """
            )
            server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await client.until(text: "\r\n\r\n")
            #expect(bench.traffic.lines.last == "answered POST /a?b=c [abc] 200 []")
        }
    }

    @Test("A body is sent when the server wants it")
    func expectContinue() async throws {
        try await ProxyBench.run { bench in
            let client = try await bench.connect()
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
            let server = try await bench.nextPeer()
            await server.until(text: "\r\n\r\n")
            server.send("HTTP/1.1 100 Continue\r\n\r\n")
            await client.until(text: "100 Continue\r\n\r\n")
            client.send("body")
            await server.until(text: "body")
            server.send("HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n")
            await client.until(text: "201 Made\r\nContent-Length: 0\r\n\r\n")
            #expect(bench.traffic.lines.last == "answered PUT / [body] 201 []")
        }
    }

    @Test("Requests that are sent at once are answered one after the other")
    func pipelining() async throws {
        let answers: @Sendable (SocketEnd) -> Void = { end in
            let requests = end.seen.text.components(separatedBy: "\r\n\r\n").count - 1
            end.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(requests)")
        }
        try await ProxyBench.run(onBytes: answers) { bench in
            let client = try await bench.connect()
            client.send((1...9).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
            await client.until { $0.text.hasSuffix("\r\n\r\n9") }
            let bodies = client.seen.text.components(separatedBy: "\r\n\r\n").dropFirst().map { $0.prefix(1) }
            #expect(bodies == (1...9).map { "\($0)" })
        }
    }

    @Test("A refused upgrade comes with its body, and the connection goes on")
    func refusedUpgrade() async throws {
        try await ProxyBench.run { bench in
            let client = try await bench.connect()
            client.send("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
            let server = try await bench.nextPeer()
            await server.until(text: "\r\n\r\n")
            server.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nnope")
            await client.until(text: "nope")
            client.send("GET /again HTTP/1.1\r\nHost: x\r\n\r\n")
            await server.until(text: "GET /again")
            #expect(bench.traffic.lines.prefix(2) == ["requested GET /ws", "answered GET /ws [] 403 [nope]"])
        }
    }

    @Test("A body that its reader does not take is not fetched, in either direction", arguments: [false, true])
    func backpressure(isUpload: Bool) async throws {
        let size = 64 << 20
        try await ProxyBench.run { bench in
            let client = try await bench.connect()
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(isUpload ? size : 0)\r\n\r\n")
            let server = try await bench.nextPeer()
            await server.until(text: "\r\n\r\n")
            let (sender, receiver) = isUpload ? (client, server) : (server, client)
            try await receiver.channel?.setOption(.autoRead, value: false).get()
            if !isUpload { server.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n") }
            let channel = try #require(sender.channel)
            let block = ByteBuffer(repeating: 0x61, count: size)
            let sent = channel.eventLoop.makePromise(of: Void.self)
            channel.writeAndFlush(block, promise: sent)
            // What the kernels and the proxy hold is a small part of it: the write does not come to its end.
            let isDone = Mutexed(false)
            sent.futureResult.whenComplete { _ in isDone.value = true }
            // Meanwhile the proxy's loop goes round often enough to have fetched all of it.
            let (clock, hand) = try await bench.openSocket()
            for turn in 1...400 {
                clock.send([0x81, 0x80, 0, 0, 0, 0])
                await hand.until { $0.bytes.count >= 6 * turn }
            }
            #expect(!isDone.value)
            try await receiver.channel?.setOption(.autoRead, value: true).get()
            try await sent.futureResult.get()
            await receiver.until { $0.bytes.count >= size }
            #expect(receiver.seen.bytes.suffix(size).allSatisfy { $0 == 0x61 })
        }
    }
}

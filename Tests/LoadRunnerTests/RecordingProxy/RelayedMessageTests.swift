import NIOCore
import Testing

@testable import LoadRunner

@Suite("Heads and bodies that go by")
struct RelayedMessageTests {
    private func buffer(_ text: some StringProtocol) -> ByteBuffer { ByteBuffer(string: String(text)) }

    private func buffer(_ bytes: some Sequence<UInt8>) -> ByteBuffer { ByteBuffer(bytes: bytes) }

    @Test(
        "the end of a head is found wherever it is cut in two",
        arguments: [
            "GET / HTTP/1.1\r\nA: b\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200\nA: b\n\n",
            "GET / HTTP/1.1\nA: b\r\n\nX",
        ]
    )
    func search(_ head: String) {
        let length = head.utf8.count - (head.hasSuffix("X") ? 1 : 0)
        for cut in 0...head.utf8.count {
            var scanned = 0
            switch RelayedHead.search(buffer(head.utf8.prefix(cut)).readableBytesView, from: 0) {
            case .ends(let end):
                #expect(end == length && cut >= length)
                continue
            case .incomplete(let place): scanned = place
            }
            #expect(cut < length)
            #expect(RelayedHead.search(buffer(head).readableBytesView, from: scanned) == .ends(length))
        }
    }

    @Test("what nobody edits goes on byte for byte")
    func unedited() throws {
        let bytes: [UInt8] =
            Array("GET  / HTTP/1.1 \nA:b\r\nc :\td \r\n e\r\n".utf8) + [0x58, 0x3A, 0xFF, 0x0A, 0x0D, 0x0A]
        // A blank in a name is nothing that can be read.
        #expect(RelayedHead(bytes) == nil)
        let good: [UInt8] =
            Array("GET  / HTTP/1.1 \nA:b\r\nc:\td \r\n e\r\n".utf8) + [0x58, 0x3A, 0xFF, 0x0A, 0x0D, 0x0A]
        let head = try #require(RelayedHead(good))
        var written = ByteBuffer()
        head.write(to: &written)
        #expect(Array(written.readableBytesView) == good)
        #expect(head.value("c") == "d e")
    }

    @Test(
        "hostile heads are no heads",
        arguments: ["\n\n", "\r\n\r\n", "A\n b\n\n:\n\n", "GET / HTTP/1.1\r\n: x\r\n\r\n"]
    )
    func hostile(_ text: String) {
        #expect(RelayedHead(text.utf8)?.request == nil)
    }

    struct Body: Sendable {
        var framing: RelayedBody.Framing
        var bytes: String
        var content: String
    }

    @Test(
        "a body ends where it ends, wherever it is cut in two",
        arguments: [
            Body(framing: .length(5), bytes: "hello", content: "hello"),
            Body(framing: .chunked, bytes: "5\r\nhello\r\n0\r\n\r\n", content: "hello"),
            Body(framing: .chunked, bytes: "1;a=b\nx\n00\nT: 1\nU: 2\n\n", content: "x"),
            Body(framing: .chunked, bytes: "A \r\n0123456789\r\n0\r\nT: 1\r\n\r\n", content: "0123456789"),
        ]
    )
    func splits(_ test: Body) {
        for cut in 0...test.bytes.utf8.count {
            var body = RelayedBody(test.framing, limit: 100)
            var first = buffer(test.bytes.utf8.prefix(cut))
            var second = buffer(test.bytes.utf8.dropFirst(cut) + Array("NEXT".utf8))
            var passed = String(buffer: body.take(&first))
            passed += String(buffer: body.take(&second))
            #expect(passed == test.bytes)
            #expect(body.isComplete && body.problem == nil)
            #expect(String(buffer: body.copy.bytes) == test.content)
            #expect(String(buffer: second) == "NEXT")
        }
    }

    @Test(
        "chunks that are none go by as they are",
        arguments: ["x\r\n", "\r\n", "fffffffffffffffff\r\n", "1\r\nab", "1\r\na\rb"]
    )
    func badChunks(_ text: String) {
        var body = RelayedBody(.chunked, limit: 100)
        var bytes = buffer(text + "rest")
        #expect(String(buffer: body.take(&bytes)) == text + "rest")
        #expect(body.problem != nil && body.endsWithConnection)
    }

    @Test("no more of a body is kept than the limit")
    func limit() {
        var body = RelayedBody(.length(10), limit: 4)
        var bytes = buffer("0123456789")
        #expect(String(buffer: body.take(&bytes)) == "0123456789")
        #expect(String(buffer: body.copy.bytes) == "0123")
        #expect(body.copy.isTruncated && body.copy.total == 10)
    }

    @Test(
        "lengths that contradict each other, or are none, are not guessed at",
        arguments: ["1\r\nContent-Length: 2", "-1", "1x", "99999999999999999999", "1, 2"]
    )
    func lengths(_ value: String) throws {
        let head = try #require(RelayedHead("POST / HTTP/1.1\r\nContent-Length: \(value)\r\n\r\n".utf8))
        #expect(RelayedBody.framing(ofRequest: head) == nil)
    }
}

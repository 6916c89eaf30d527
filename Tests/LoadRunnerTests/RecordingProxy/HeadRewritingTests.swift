import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("What the recording proxy changes in heads")
struct HeadRewritingTests {
    private static let target = ServerURL(isSecure: true, host: "api.shop.example", port: 443)
    private let rewriting = HeadRewriting(Self.target, rewritesOrigin: false, listening: "127.0.0.1:8099")

    private func request(_ lines: String, _ rewriting: HeadRewriting) throws -> (text: String, HeadRewriting.Memory) {
        var head = try #require(RelayedHead("\(lines)\r\n\r\n".utf8))
        let memory = rewriting.request(&head)
        return (text(head), memory)
    }

    private func text(_ head: RelayedHead) -> String {
        var bytes = ByteBuffer()
        head.write(to: &bytes)
        return String(buffer: bytes).replacing("\r\n", with: "\n")
    }

    private func answer(_ line: String, _ rewriting: HeadRewriting, _ memory: HeadRewriting.Memory) throws -> String {
        var head = try #require(RelayedHead("HTTP/1.1 200 OK\r\n\(line)\r\n\r\n".utf8))
        rewriting.answer(&head, to: memory)
        return String(text(head).split(separator: "\n")[1])
    }

    @Test("a request to a forward proxy becomes one to the server")
    func absolute() throws {
        let (text, _) = try request("GET http://LOCALHOST:8099?a HTTP/1.1\r\nHost: LOCALHOST:8099", rewriting)
        #expect(text == "GET /?a HTTP/1.1\nHost: api.shop.example\n\n")
    }

    @Test("the page's origin stays, or becomes the server's and comes back as it was")
    func origin() throws {
        let lines = "GET / HTTP/1.1\r\nHost: localhost:8099\r\nOrigin: http://page\r\nReferer: http://localhost:8099/x"
        let (kept, memory) = try request(lines, rewriting)
        #expect(kept.contains("Origin: http://page\n"))
        #expect(kept.contains("Referer: http://localhost:8099/x\n"))
        let allowed = "Access-Control-Allow-Origin: https://api.shop.example"
        #expect(try answer(allowed, rewriting, memory) == allowed)

        let other = HeadRewriting(Self.target, rewritesOrigin: true, listening: "x")
        let (changed, its) = try request(lines, other)
        #expect(changed.contains("Origin: https://api.shop.example\n"))
        #expect(changed.contains("Referer: https://api.shop.example/x\n"))
        #expect(try answer(allowed, other, its) == "Access-Control-Allow-Origin: http://page")
        #expect(try answer("Access-Control-Allow-Origin: *", other, its) == "Access-Control-Allow-Origin: *")
    }

    @Test(
        "redirects to the server lead to the proxy, all others where they lead",
        arguments: [
            ("https://api.shop.example/a?b#c", "http://localhost:8099/a?b#c"),
            ("HTTPS://API.shop.example:443", "http://localhost:8099"),
            ("//api.shop.example/a", "http://localhost:8099/a"), ("/a", "/a"), ("a:b", "a:b"), ("", ""),
            ("http://api.shop.example/a", "http://api.shop.example/a"),
            ("https://api.shop.example.evil/a", "https://api.shop.example.evil/a"),
            ("https://api.shop.example:444/a", "https://api.shop.example:444/a"),
        ]
    )
    func redirects(from: String, to: String) throws {
        let (_, memory) = try request("GET / HTTP/1.1\r\nHost: localhost:8099", rewriting)
        #expect(try answer("Location: \(from)", rewriting, memory) == "Location: \(to)")
    }

    @Test(
        "cookies become ones that the client keeps for the proxy",
        arguments: [
            ("a=b; Path=/; HttpOnly", "a=b; Path=/; HttpOnly"),
            ("a=b; Domain=shop.example; Secure; HttpOnly", "a=b; HttpOnly"),
            ("a=b; domain=.API.shop.example;Path=/", "a=b;Path=/"),
            ("a=b; Domain=other.example", "a=b; Domain=other.example"),
            ("a=b; SameSite=None; Secure", "a=b; SameSite=None; Secure"),
            ("a=b; Secure; Partitioned", "a=b; Secure; Partitioned"),
            ("__Host-a=b; Secure; Path=/", "__Host-a=b; Secure; Path=/"),
            ("a=b; SameSite=Lax; secure", "a=b; SameSite=Lax"),
        ]
    )
    func cookies(from: String, to: String) {
        let rewriting = CookieRewriting(host: "api.shop.example", isSecure: true)
        #expect(rewriting.rewritten(from) ?? from == to)
    }

    @Test("a server without TLS that says Secure is taken at its word")
    func plainCookies() {
        #expect(CookieRewriting(host: "x", isSecure: false).rewritten("a=b; Secure") == nil)
    }
}

import NIOCore
import NIOHTTP1
import Scenarios
import Testing

@testable import LoadRunner

@Suite("Where requests and connections go")
struct DestinationTests {
    @Test(
        "the Host header leaves out the scheme's own port, and an interface",
        arguments: [
            (ServerURL(isSecure: false, host: "a.example", port: 80), "a.example"),
            (ServerURL(isSecure: true, host: "a.example", port: 443), "a.example"),
            (ServerURL(isSecure: true, host: "a.example", port: 80), "a.example:80"),
            (ServerURL(isSecure: false, host: "::1", port: 8080), "[::1]:8080"),
            (ServerURL(isSecure: false, host: "fe80::1%25eth0", port: 80), "[fe80::1]"),
        ]
    )
    func authority(url: ServerURL, authority: String) {
        #expect(Destination(url, addresses: nil).authority == authority)
    }

    @Test("an interface is for the system as it wants it")
    func zone() {
        let url = ServerURL(isSecure: false, host: "fe80::1%25eth0", port: 80)
        #expect(Destination(url, addresses: nil).host == "fe80::1%eth0")
    }

    @Test(
        "the socket counts as full at 64 KiB, or at what the target allows",
        arguments: [(1 << 20, 65_536), (1000, 1000), (0, 1)]
    )
    func waterMark(limit: Int, high: Int) {
        let url = ServerURL(isSecure: false, host: "a.example", port: 80)
        let mark = Destination(url, addresses: nil, outboundLimit: limit).waterMark
        #expect(mark.high == high)
        #expect(mark.low == max(1, high / 2))
    }

    @Test(
        "URLs of requests are taken apart",
        arguments: [
            ("http://a.example/x?y=1#z", false, "a.example", 80, "/x?y=1"),
            ("HTTPS://a.example", true, "a.example", 443, "/"),
            ("https://[::1]:8443?q", true, "::1", 8443, "/?q"),
            ("http://[fd00::1]/", false, "fd00::1", 80, "/"),
        ]
    )
    func place(text: String, isSecure: Bool, host: String, port: Int, path: String) throws {
        let place = try #require(HTTPPlace(text, group: 3, authority: "target"))
        #expect(place.isSecure == isSecure)
        #expect(place.host == host)
        #expect(place.port == port)
        #expect(place.path == path)
        #expect(!place.isTarget)
    }

    @Test(
        "what is no URL of HTTP is none",
        arguments: [
            "", "a", "ftp://a/", "://a", "http://", "http://u@a/", "http://a:0/", "http://a:99999/", "http://a:-1/",
            "http://[::1/", "https://a:b:c/",
        ]
    )
    func noPlace(text: String) {
        #expect(HTTPPlace(text, group: 3, authority: "target") == nil)
    }

    @Test("a redirect says where to", arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) {
        let headers = HTTPHeaders([("Location", "https://b.example/")])
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        let sentence = HTTPRedirect.sentence(head)
        #expect(sentence?.hasPrefix("the server redirects to https://b.example/; redirects are not followed") == true)
        #expect(sentence?.contains("expect: \(status)") == true)
    }

    @Test("other answers do not", arguments: [200, 300, 304, 400])
    func noRedirect(status: Int) {
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status))
        #expect(HTTPRedirect.sentence(head) == nil)
    }
}

import ArgumentParser
import Testing

@testable import reprise

@Suite("What reprise record takes")
struct RecordCommandTests {
    @Test(
        "servers by their URL",
        arguments: [
            ("http://localhost:3000", "http://localhost:3000"), ("wss://Shop.example/", "https://Shop.example"),
            ("ws://127.0.0.1", "http://127.0.0.1"), ("https://[::1]:8443", "https://[::1]:8443"),
        ]
    )
    func targets(text: String, url: String) {
        #expect(RecordTarget(argument: text).map { "\($0.url)" } == url)
    }

    @Test(
        "what is no server is refused",
        arguments: [
            "", "localhost:3000", "ftp://x", "http://", "http://x/path", "http://x?a=b", "http://a:b@x", "http://x:0",
            "http://x:70000",
        ]
    )
    func noTargets(text: String) {
        #expect(RecordTarget(argument: text) == nil)
    }

    @Test(
        "addresses to listen on, and whether others reach them",
        arguments: [
            ("127.0.0.1:8099", "127.0.0.1:8099", true), ("8099", "127.0.0.1:8099", true),
            ("[::1]:0", "[::1]:0", true), ("localhost:1", "localhost:1", true), ("0.0.0.0:80", "0.0.0.0:80", false),
        ] as [(String, String, Bool)]
    )
    func addresses(text: String, address: String, isLoopback: Bool) throws {
        let parsed = try #require(ListenAddress(argument: text))
        #expect(parsed.description == address)
        #expect(parsed.isLoopback == isLoopback)
    }

    @Test("what is no address is refused", arguments: ["", "x", ":1", "a:b", "a:-1", "a:65536"])
    func noAddresses(text: String) {
        #expect(ListenAddress(argument: text) == nil)
    }

    @Test(
        "sizes",
        arguments: [("1GB", 1_000_000_000), ("1.5mb", 1_500_000), ("20KB", 20_000), ("7", 7)] as [(String, Int)]
    )
    func sizes(text: String, bytes: Int) {
        #expect(SizeArgument(argument: text)?.bytes == bytes)
    }

    @Test("what is no size is refused", arguments: ["", "GB", "-1GB", "0", "nanMB", "infGB", "1e30GB"])
    func noSizes(text: String) {
        #expect(SizeArgument(argument: text) == nil)
    }
}

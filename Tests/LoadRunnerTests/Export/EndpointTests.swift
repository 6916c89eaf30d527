import Scenarios
import Testing

@testable import LoadRunner

@Suite("The URLs that Reprise asks beside the load")
struct EndpointTests {
    @Test(
        "Host, port and path are the URL's, and what is secret in it is not shown",
        arguments: [
            ("http://localhost:9090/metrics", "localhost", 9090, "/metrics", "http://localhost:9090/metrics"),
            ("HTTP://localhost", "localhost", 80, "/", "http://localhost/"),
            ("https://h.example/a?b=c#d", "h.example", 443, "/a?b=c", "https://h.example/a?[redacted]"),
            ("http://h?b=c", "h", 80, "/?b=c", "http://h/?[redacted]"),
            ("http://me:pa55@h:1/x", "h", 1, "/x", "http://[redacted]@h:1/x"),
            ("http://me@here:pa55@h:1/x", "h", 1, "/x", "http://[redacted]@h:1/x"),
            ("http://[::1]:9/m", "::1", 9, "/m", "http://[::1]:9/m"),
        ]
    )
    func parts(_ text: String, _ host: String, _ port: Int, _ path: String, _ shown: String) throws {
        let endpoint = try #require(Endpoint(text))
        #expect(endpoint.url.host == host)
        #expect(endpoint.url.port == port)
        #expect(endpoint.url.isSecure == text.hasPrefix("https"))
        #expect(endpoint.path == path)
        #expect(endpoint.shown == shown)
    }

    @Test(
        "What is no URL of HTTP is none",
        arguments: [
            "", "localhost:4318", "/metrics", "ftp://h", "http://", "http:///x", "http://h:0", "http://h:99999",
            "http://h:x",
            "http://h/a b", "http://h/\r\nX: y", "http://h\n", "http://me@", "http://[::1", "://h",
        ]
    )
    func invalid(_ text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test("The user of a URL is authorized, and named nowhere")
    func user() throws {
        let endpoint = try #require(Endpoint("http://me:p%40ss@h/"))
        #expect(endpoint.authorization == "Basic bWU6cEBzcw==")
        #expect(endpoint.secrets == ["p@ss", "bWU6cEBzcw=="])
        #expect(try #require(Endpoint("http://h/")).authorization == nil)
    }

    @Test(
        "Metrics go to where OpenTelemetry has them",
        arguments: [
            ("http://h:4318", "/v1/metrics"), ("http://h:4318/", "/v1/metrics"), ("http://h/otlp", "/otlp/v1/metrics"),
            ("http://h/otlp/", "/otlp/v1/metrics"), ("http://h/x/v1/metrics", "/x/v1/metrics"),
            ("http://h/otlp?key=1", "/otlp/v1/metrics?key=1"),
        ]
    )
    func metrics(_ text: String, _ path: String) throws {
        let endpoint = try #require(Endpoint(text)).forMetrics
        #expect(endpoint.path == path)
        #expect(endpoint.shown.hasSuffix(path.replacing("key=1", with: "[redacted]")))
        #expect(!endpoint.shown.contains("key"))
    }

    @Test("A server is told apart by its host and port")
    func instance() throws {
        #expect(try #require(Endpoint("http://h/metrics")).instance == "h")
        #expect(try #require(Endpoint("https://u@h:8443/metrics")).instance == "h:8443")
        #expect(try #require(Endpoint("http://[::1]:9/")).instance == "[::1]:9")
    }

    @Test("Several that are on one server are told apart by their paths")
    func instances() throws {
        let urls = ["http://a/x?q=1", "http://a/y", "http://b/x", "http://a/x?q=2"]
        let endpoints = try urls.map { try #require(Endpoint($0)) }
        #expect(Endpoint.instances(of: endpoints) == ["a/x", "a/y", "b", "a/x#2"])
    }

    @Test("A header has a name and a value that cannot become another header")
    func headers() throws {
        let header = try #require(ExportHeader("X-Key=a=b c"))
        #expect(header.name == "X-Key")
        #expect(header.value == "a=b c")
        #expect(ExportHeader("X-Key=")?.value == "")
        let texts = [
            "", "X-Key", "=x", "X Key=x", "X:=x", "X=a\r\nB: c", "X=\u{0}", "Content-Length=3", "host=h", "Accept=*/*",
            "accept-encoding=gzip", "Content-Encoding=gzip",
        ]
        for text in texts {
            #expect(ExportHeader(text) == nil, "\(text)")
        }
    }
}

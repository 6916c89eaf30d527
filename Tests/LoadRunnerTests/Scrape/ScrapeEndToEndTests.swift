import Metrics
import NIOCore
import Synchronization
import Testing

@testable import LoadRunner

@Suite("Servers' own metrics beside a run", .serialized, .timeLimit(.minutes(1)))
struct ScrapeEndToEndTests {
    /// Runs a few clients against one server, and reads the metrics of others.
    private func run(
        _ urls: [String],
        patterns: [String] = [],
        authority: EndpointAuthority? = nil,
        length: String = "1200ms",
        warmup: String = "0s"
    ) async throws -> EngineRun {
        let endpoints = try urls.map { try #require(Endpoint($0)) }
        return try await FakeServer.run { target in
            try await EngineRun.run(
                target,
                "load: [ { for: \(length), arrivals: 20/s } ]\ngrace: 5s\nwarmup: \(warmup)\nflow: [ connect ]",
                configure: {
                    $0.scrape = ScrapeSettings(
                        endpoints: endpoints,
                        patterns: patterns.map { ScrapePattern($0) },
                        authority: authority
                    )
                }
            )
        }
    }

    /// What a series had, second by second.
    private func values(_ series: String, in run: EngineRun) -> [[Double]] {
        run.observer.timeline.map { second in
            second.scraped.filter { $0.series == series }.compactMap(\.value)
        }
    }

    private func script(_ answer: @escaping @Sendable (FakePeer, FakeRequest) -> Void) -> FakeServer.Script {
        var script = FakeServer.Script()
        script.request = answer
        return script
    }

    /// A server that counts how often it was asked.
    private func counting() -> FakeServer.Script {
        let count = Mutex(0)
        return script { peer, _ in
            let asked = count.withLock { count in
                count += 1
                return count
            }
            peer.respond(200, "asked_total \(asked)\nheld 7\n")
        }
    }

    @Test("Each second has its reading, over one connection, and none is lost before, between or after")
    func readings() async throws {
        try await FakeServer.run(counting()) { server in
            let run = try await run(["http://127.0.0.1:\(server.port)/metrics?format=text"])
            let asked = server.requests
            #expect(asked.count >= 3)
            #expect(server.connectionCount == 1)
            #expect(asked.allSatisfy { $0.method == "GET" && $0.uri == "/metrics?format=text" })
            #expect(asked.allSatisfy { $0.headers["accept"]?.hasPrefix("text/plain;version=0.0.4") ?? false })
            let counted = values("asked_total", in: run)
            #expect(counted.allSatisfy { $0.count == 1 })
            // The first reading is what is counted from.
            #expect(counted.joined().reduce(0, +) == Double(asked.count - 1))
            #expect(values("held", in: run).allSatisfy { $0 == [7] })
            #expect(values("up", in: run).allSatisfy { $0 == [1] })
            let figures = try #require(run.result.scraped).all
            #expect(Set(figures.map(\.series)) == ["up", "asked_total", "held"])
            #expect(figures.first { $0.series == "asked_total" }?.increase == Double(asked.count - 1))
            #expect(run.result.sideNotes == [])
            #expect(run.observer.warnings == [])
        }
    }

    @Test("Several servers are told apart by a label, and one that is dead is a gap of its own")
    func several() async throws {
        try await FakeServer.run(counting()) { one in
            try await FakeServer.run { other in
                try await other.stopListening()
                let ports = [one.port, other.port]
                let run = try await run(ports.map { "http://127.0.0.1:\($0)/metrics" }, patterns: ["asked"])
                #expect(
                    Set(run.observer.timeline.flatMap(\.scraped).map(\.series)) == [
                        #"up{instance="127.0.0.1:\#(one.port)"}"#, #"up{instance="127.0.0.1:\#(other.port)"}"#,
                        #"asked_total{instance="127.0.0.1:\#(one.port)"}"#,
                    ]
                )
                #expect(values(#"up{instance="127.0.0.1:\#(other.port)"}"#, in: run).allSatisfy { $0 == [0] })
                let shown = "http://127.0.0.1:\(other.port)/metrics"
                #expect(run.observer.warnings.count == 1)
                #expect(run.observer.warnings.first?.contains("the metrics of \(shown) cannot be read") ?? false)
                #expect(run.result.sideNotes.count == 1)
                #expect(run.result.sideNotes.first?.contains("the metrics of \(shown) could not be read") ?? false)
                #expect(run.errors == [:])
            }
        }
    }

    @Test("By TLS, with an authority that is named")
    func security() async throws {
        let authority = EndpointAuthority(name: "ca.pem", bytes: try Certificates.bytes("ca.pem"))
        try await FakeServer.run(counting(), tls: Certificates.server()) { server in
            let url = "https://127.0.0.1:\(server.port)/metrics"
            let run = try await run([url], authority: authority, length: "100ms")
            #expect(run.result.sideNotes == [])
            #expect(server.requests.count >= 2)
            let distrusting = try await self.run([url], length: "100ms")
            #expect(distrusting.result.sideNotes.first?.contains("certificate") ?? false)
        }
    }

    @Test("The user of the URL is authorized, and in no note")
    func user() async throws {
        try await FakeServer.run(script { peer, _ in peer.respond(403, "") }) { server in
            let run = try await run(["http://me:pa55word@127.0.0.1:\(server.port)/metrics?t=hidden"], length: "100ms")
            #expect(server.requests.allSatisfy { $0.headers["authorization"] == "Basic bWU6cGE1NXdvcmQ=" })
            let told = run.result.sideNotes + run.observer.warnings
            #expect(told.count == 2)
            #expect(
                told.allSatisfy { !$0.contains("pa55word") && !$0.contains("hidden") && $0.contains("403 Forbidden") }
            )
        }
    }

    @Test("A server that answers again is read again, and what it counted meanwhile is not lost")
    func recovery() async throws {
        let count = Mutex(0)
        let script = script { peer, _ in
            let asked = count.withLock { count in
                count += 1
                return count
            }
            // The readings: before the run, second 0, second 1, the end.
            if asked == 2 { peer.respond(500, "") } else { peer.respond(200, "asked_total \(asked)\n") }
        }
        try await FakeServer.run(script) { server in
            let run = try await run(["http://127.0.0.1:\(server.port)/"], length: "2200ms")
            let ups = values("up", in: run)
            #expect(ups.first == [0])
            #expect(ups.last == [1])
            #expect(values("asked_total", in: run).joined().reduce(0, +) == Double(server.requests.count - 1))
            #expect(run.observer.warnings.count == 1)
            let note = try #require(run.result.sideNotes.first)
            #expect(note.contains("1 of \(server.requests.count) readings") && note.contains("500"), "\(note)")
        }
    }

    @Test("What is too much is left out, and named")
    func tooMuch() async throws {
        let text = (0..<700).map { "many{n=\"\($0)\"} 1\n" }.joined() + "no line\n"
        try await FakeServer.run(script { peer, _ in peer.respond(200, text) }) { server in
            let run = try await run(["http://127.0.0.1:\(server.port)/"], length: "100ms")
            let rows = try #require(run.observer.timeline.last).scraped
            #expect(rows.count == ScrapeTracker.seriesLimit + 1)
            #expect(run.result.sideNotes.count == 2)
            #expect(
                run.result.sideNotes.first?.contains(
                    "200 series of http://127.0.0.1:\(server.port)/ were left out, for 500 are kept: many (200)"
                ) ?? false
            )
            #expect(run.result.sideNotes.last?.contains("a line") ?? false)
        }
    }

    @Test("What none of the patterns chooses is nothing, and is told")
    func nothing() async throws {
        try await FakeServer.run(counting()) { server in
            let run = try await run(["http://127.0.0.1:\(server.port)/"], patterns: ["other"], length: "100ms")
            #expect(run.result.sideNotes.first?.contains("no series") ?? false)
        }
    }

    @Test("The warmup is in the timeline, and not in the figures")
    func warmup() async throws {
        try await FakeServer.run(counting()) { server in
            let run = try await run(["http://127.0.0.1:\(server.port)/"], length: "1500ms", warmup: "1s")
            #expect(run.observer.timeline.count == 2)
            #expect(values("held", in: run) == [[7], [7]])
            #expect(try #require(run.result.scraped).all.first { $0.series == "held" }?.readings == 1)
        }
    }

    /// What a server can do to who asks it something.
    enum Misbehaviour: String, CaseIterable {
        case silent, closing, garbage, endlessHead, endlessBody, tooLong, dripping, redirecting, page, compressed,
            trickling

        var answer: @Sendable (FakePeer, FakeRequest) -> Void {
            switch self {
            case .silent: { _, _ in }
            case .closing: { peer, _ in peer.close() }
            case .garbage: { peer, _ in peer.send([0, 255, 13, 10, 13, 10]) }
            case .endlessHead:
                { peer, _ in peer.send(Array("HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 200_000))".utf8)) }
            case .endlessBody:
                { peer, _ in
                    peer.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
                    Self.flood(peer)
                }
            case .tooLong:
                { peer, _ in peer.respond(200, String(repeating: "# long\n", count: 600_000)) }
            case .dripping:
                { peer, _ in
                    peer.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n".utf8))
                    peer.drip(Array(repeating: 0x20, count: 60_000)[...], by: 1)
                }
            case .trickling:
                { peer, _ in
                    peer.drip(Array("HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 60_000))".utf8)[...], by: 1)
                }
            case .redirecting: { peer, _ in peer.respond(302, "", headers: ["Location: /elsewhere"]) }
            case .page: { peer, _ in peer.respond(200, "<html>\n<body>a</body>\n") }
            case .compressed: { peer, _ in peer.respond(200, "x", headers: ["Content-Encoding: gzip"]) }
            }
        }

        /// Sends on and on, as long as anybody reads.
        private static func flood(_ peer: FakePeer) {
            guard peer.openConnections > 0 else { return }
            peer.send(Array("10000\r\n\(String(repeating: "#", count: 65_535))\n\r\n".utf8))
            peer.after(.milliseconds(1)) { flood($0) }
        }

        var reason: String {
            switch self {
            case .silent, .dripping, .trickling: "no whole answer within 800 ms"
            case .closing: "closed the connection"
            case .garbage: "invalid"
            case .endlessHead: "the head of the answer is longer than 65536 bytes"
            case .endlessBody, .tooLong: "the answer is longer than 4000000 bytes"
            case .redirecting: "302 Found; redirects are not followed"
            case .page: "no text as Prometheus reads it"
            case .compressed: "compressed"
            }
        }
    }

    @Test("Whatever a server answers, the run is as without it", arguments: Misbehaviour.allCases)
    func misbehaviour(_ misbehaviour: Misbehaviour) async throws {
        try await FakeServer.run(script(misbehaviour.answer)) { server in
            let run = try await run(["http://127.0.0.1:\(server.port)/metrics"], length: "200ms")
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == run.count("clients.started"))
            #expect(run.result.ending == .complete)
            #expect(run.observer.timeline.flatMap(\.scraped).map(\.series) == ["up"])
            #expect(run.observer.timeline.flatMap(\.scraped).map(\.value) == [0])
            #expect(server.requests.allSatisfy { $0.uri == "/metrics" })
            #expect(run.observer.warnings.count == 1)
            let note = try #require(run.result.sideNotes.first)
            #expect(run.result.sideNotes.count == 1)
            #expect(note.lowercased().contains(misbehaviour.reason.lowercased()), "\(note)")
        }
    }
}

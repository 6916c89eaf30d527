import Foundation
import LoadRunner
import Metrics
import Testing

/// What servers of others say of themselves, beside what Reprise measured of them.
@Suite("Metrics of other servers", .serialized, .needsPeers, .timeLimit(.minutes(1)))
struct ScrapeTests {
    /// Starts a Socket.IO server that counts for itself, with the official client of Prometheus.
    private func withMeteredServer<Result: Sendable>(_ body: @Sendable (Peer) async throws -> Result) async throws
        -> Result
    {
        try await Peer.with([Needs.python, try Needs.peer("metered_socketio_server.py"), "0"], body)
    }

    private static func settings(_ urls: [String], only patterns: [String] = []) throws -> ScrapeSettings {
        ScrapeSettings(
            endpoints: try urls.map { try #require(Endpoint($0)) },
            patterns: patterns.map { ScrapePattern($0) }
        )
    }

    /// Twenty clients who come within two seconds, ask twice each, and go.
    private static func scenario(_ port: Int, milliseconds: Int) -> String {
        """
        name: metered
        target: { url: "http://127.0.0.1:\(port)", protocol: socket.io }
        load: [ { for: 2s, arrivals: 10/s } ]
        grace: 10s
        flow:
          - connect
          - emit: echo
            data: { ms: \(milliseconds) }
            ack: { within: 5s }
          - think: 300ms
          - emit: echo
            data: { ms: \(milliseconds) }
            ack: { within: 5s }
        """
    }

    private func sum(_ series: String, in run: Measured) -> Double {
        run.timeline.flatMap(\.scraped).filter { $0.series == series }.reduce(0) { $0 + ($1.value ?? 0) }
    }

    @Test("What the server counts is what Reprise counts, and its latency is within that of the clients")
    func equality() async throws {
        try await withMeteredServer { server in
            let settings = try Self.settings(["http://127.0.0.1:\(server.port)/metrics"])
            let run = try await Measured.run(
                Self.scenario(server.port, milliseconds: 40),
                configure: { $0.scrape = settings }
            )
            let truth = try await server.lastWords()
            let said = try JSONDecoder().decode(Said.self, from: Data(truth.utf8))

            #expect(run.verdicts == [:])
            let echoes = try #require(run.count("ack.echo.count"))
            #expect(echoes > 30)
            #expect(said.echoes == echoes)
            #expect(sum(#"echoes_total{kind="with \"quotes\"\n"}"#, in: run) == Double(echoes))
            #expect(sum("handling_seconds_count", in: run) == Double(echoes))
            #expect(sum("connects_total", in: run) == Double(try #require(run.count("clients.started"))))
            #expect(abs(sum("handling_seconds_sum", in: run) - said.handling) < 0.001)
            let figures = try #require(run.result.scraped).all
            #expect(figures.first { $0.series == "connects_total" }?.increase == Double(said.connects))

            // The server's own delay is a part of the latency, and the largest.
            let mean = try #require(figures.first { $0.series == "handling_seconds:mean" }).mean
            let measured = try #require(run.histogram("ack.echo")).mean / 1e6
            #expect(mean >= 0.04)
            #expect(mean <= measured && measured < mean + 0.1, "\(mean) s there, \(measured) s here")
            // Nothing that tells nothing.
            #expect(!figures.contains { $0.series.contains("_created") || $0.series.contains("_bucket") })
            #expect(run.result.sideNotes == [])
        }
    }

    @Test("Its sessions follow the clients second by second")
    func sessions() async throws {
        try await withMeteredServer { server in
            let settings = try Self.settings(["http://127.0.0.1:\(server.port)/metrics"], only: ["sessions"])
            let run = try await Measured.run(
                Self.scenario(server.port, milliseconds: 500),
                configure: { $0.scrape = settings }
            )
            #expect(run.verdicts == [:])
            let pairs = run.timeline.compactMap { second in
                second.scraped.first { $0.series == "sessions" }.map {
                    (second.activeClients.reduce(0, +), Int($0.value ?? -1))
                }
            }
            #expect(pairs.count == run.timeline.count)
            #expect(pairs.contains { $0.0 >= 5 })
            // Both are read at the end of the second, within the few milliseconds in which one or two come or go; a busy
            // machine makes that some more.
            for (active, sessions) in pairs {
                #expect(abs(active - sessions) <= 4, "\(active) here, \(sessions) there")
            }
            #expect(pairs.last?.1 == 0)
        }
    }

    @Test("OpenMetrics says the same as the text format")
    func formats() async throws {
        try await withMeteredServer { server in
            let url = "http://127.0.0.1:\(server.port)"
            let settings = try Self.settings(["\(url)/metrics", "\(url)/openmetrics"])
            let run = try await Measured.run(
                Self.scenario(server.port, milliseconds: 0),
                configure: { $0.scrape = settings }
            )
            let series = Set(try #require(run.result.scraped).all.map(\.series))
            func all(at path: String) -> Set<String> {
                let label = "instance=\"127.0.0.1:\(server.port)/\(path)\""
                return [
                    "up{\(label)}", "sessions{\(label)}", "connects_total{\(label)}",
                    "handling_seconds_count{\(label)}",
                    "handling_seconds_sum{\(label)}", "handling_seconds:mean{\(label)}",
                    "echoes_total{\(label),kind=\"with \\\"quotes\\\"\\n\"}",
                ]
            }
            #expect(series == all(at: "metrics").union(all(at: "openmetrics")))
            let clients = Double(try #require(run.count("connect.count")))
            for path in ["metrics", "openmetrics"] {
                #expect(sum("connects_total{instance=\"127.0.0.1:\(server.port)/\(path)\"}", in: run) == clients)
            }
            #expect(run.result.sideNotes == [])
        }
    }

    @Test("Fifty thousand series, or a web page, are told of, and the run goes on", arguments: ["big", "page"])
    func useless(_ path: String) async throws {
        try await withMeteredServer { server in
            let url = "http://127.0.0.1:\(server.port)/\(path)"
            let settings = try Self.settings([url])
            let run = try await Measured.run(
                Self.scenario(server.port, milliseconds: 0),
                configure: { $0.scrape = settings }
            )
            #expect(run.verdicts == [:])
            // A busy machine takes longer than a reading may to write fifty thousand lines.
            let reasons =
                path == "big"
                ? ["49,500 series of \(url) were left out", "no whole answer"]
                : ["\(url) could not be read: the answer is no text as Prometheus reads it"]
            let notes = run.result.sideNotes
            #expect(notes.contains { note in reasons.contains { note.contains($0) } }, "\(notes)")
        }
    }

    @Test("HAProxy's own exporter counts the clients that went through it", .needs(.haproxy))
    func haproxy() async throws {
        try await Peer.withPythonServer("aiohttp") { server in
            try await Proxy.haproxy.inFront(of: (server.port, server.port)) { proxy in
                let url = "http://127.0.0.1:\(proxy.port)/metrics"
                let settings = try Self.settings([url], only: [#"haproxy_backend_*{proxy="servers"*"#])
                let run = try await Measured.run(
                    """
                    name: proxied
                    target: { url: "http://127.0.0.1:\(proxy.port)", protocol: socket.io, transports: [websocket] }
                    load: [ { for: 1s, arrivals: 20/s } ]
                    grace: 5s
                    flow: [ connect, { emit: echo, data: 1, ack: { within: 5s } } ]
                    """,
                    configure: { $0.scrape = settings }
                )
                #expect(run.verdicts == [:])
                let clients = Double(try #require(run.count("clients.started")))
                #expect(clients > 10)
                #expect(sum(#"haproxy_backend_http_requests_total{proxy="servers"}"#, in: run) == clients)
                #expect(sum(#"haproxy_backend_sessions_total{proxy="servers"}"#, in: run) == clients)
                #expect(
                    run.timeline.flatMap(\.scraped).contains { $0.series.hasPrefix("haproxy_backend_bytes_in_total") }
                )
                #expect(run.result.sideNotes == [])
            }
        }
    }

    private struct Said: Decodable {
        var connects: Int
        var echoes: Int
        var handling: Double
    }
}

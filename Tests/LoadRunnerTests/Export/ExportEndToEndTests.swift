import Foundation
import Metrics
import NIOCore
import Synchronization
import Testing

@testable import LoadRunner

@Suite("Figures that are pushed to a collector", .serialized, .timeLimit(.minutes(1)))
struct ExportEndToEndTests {
    static let key = "s3cret-key"

    /// Runs a few clients for a second and a half against one server, and pushes what they measure to another.
    private func run(
        _ scheme: String = "http",
        port: Int,
        authority: EndpointAuthority? = nil,
        timeout: Duration = .seconds(5),
        lastTime: Duration? = nil,
        interval: Duration = .seconds(1),
        length: String = "1200ms",
        observer: EngineObserver = EngineObserver(),
        started: @Sendable (Run) -> Void = { _ in }
    ) async throws -> EngineRun {
        let endpoint = try #require(Endpoint("\(scheme)://127.0.0.1:\(port)"))
        let header = try #require(ExportHeader("X-Key=\(Self.key)"))
        return try await FakeServer.run { target in
            try await EngineRun.run(
                target,
                "load: [ { for: \(length), arrivals: 20/s } ]\ngrace: 5s\nflow: [ connect ]",
                observer: observer,
                configure: {
                    var settings = ExportSettings(
                        endpoint: endpoint.forMetrics,
                        headers: [header],
                        authority: authority,
                        resource: OTLPResource(
                            version: "1",
                            scenario: "engine",
                            target: "t",
                            seed: 7,
                            run: "r",
                            instance: "i"
                        ),
                        redactor: Redactor()
                    )
                    settings.interval = interval
                    settings.timeout = timeout
                    settings.lastTime = lastTime ?? timeout
                    $0.export = settings
                },
                started: started
            )
        }
    }

    /// The points of the counters in a request's body.
    private func points(_ body: String) throws -> [[String: Any]] {
        let request = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        let resource = try #require((request["resourceMetrics"] as? [[String: Any]])?.first)
        let metrics = try #require(
            (resource["scopeMetrics"] as? [[String: Any]])?.first?["metrics"] as? [[String: Any]]
        )
        let sum = metrics.first { $0["name"] as? String == "reprise.count" }?["sum"] as? [String: Any]
        return try #require(sum?["dataPoints"] as? [[String: Any]])
    }

    /// The time of a request's counters, in nanoseconds since 1970.
    private func stamp(_ body: String) throws -> Int {
        let stamps = Set(try points(body).compactMap { $0["timeUnixNano"] as? String })
        #expect(stamps.count == 1)
        return try #require(stamps.first.flatMap { Int($0) })
    }

    /// The counters of a request's body, by name.
    private func counters(_ body: String) throws -> [String: Int] {
        var counters: [String: Int] = [:]
        for point in try points(body) {
            let attributes = try #require(point["attributes"] as? [[String: Any]])
            let metric = attributes.first { $0["key"] as? String == "metric" }?["value"] as? [String: Any]
            let name = try #require(metric?["stringValue"] as? String)
            counters[name, default: 0] += try #require((point["asInt"] as? String).flatMap { Int($0) })
        }
        return counters
    }

    private func script(_ answer: @escaping @Sendable (FakePeer, FakeRequest) -> Void) -> FakeServer.Script {
        var script = FakeServer.Script()
        script.request = answer
        return script
    }

    @Test("They come while the run goes on and at its end, over one connection, and the last are those of the run")
    func pushes() async throws {
        try await FakeServer.run { collector in
            let run = try await run(port: collector.port)
            let requests = collector.requests
            #expect(requests.count >= 2)
            #expect(collector.connectionCount == 1)
            for request in requests {
                #expect(request.method == "POST")
                #expect(request.uri == "/v1/metrics")
                #expect(request.headers["content-type"] == "application/json")
                #expect(request.headers["x-key"] == Self.key)
            }
            let first = try counters(try #require(requests.first).body)
            let last = try counters(try #require(requests.last).body)
            for name in ["clients.started", "clients.finished", "connect.count", "operations"] {
                #expect(last[name] == run.count(name), "\(name)")
                #expect(try #require(first[name]) <= last[name] ?? 0)
            }
            #expect(last["clients.started"] ?? 0 > 0)
            let stamps = try requests.map { try stamp($0.body) }
            #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $0 < $1 }, "\(stamps)")
            let begin = try #require(run.observer.timeline.first).epochMilliseconds
            #expect(Double(try #require(stamps.last)) / 1e9 <= Double(begin) / 1e3 + run.result.seconds)
            #expect(run.observer.warnings == [])
            #expect(run.result.sideNotes == [])
        }
    }

    @Test("By TLS they go to who has a certificate of the authority, and to nobody else")
    func security() async throws {
        let authority = EndpointAuthority(name: "ca.pem", bytes: try Certificates.bytes("ca.pem"))
        try await FakeServer.run(tls: Certificates.server()) { collector in
            let run = try await run("https", port: collector.port, authority: authority, length: "100ms")
            #expect(run.result.sideNotes == [])
            #expect(!collector.requests.isEmpty)
        }
        try await FakeServer.run(tls: Certificates.server()) { collector in
            let run = try await self.run("https", port: collector.port, length: "100ms")
            #expect(collector.requests.isEmpty)
            let note = try #require(run.result.sideNotes.first)
            #expect(note.contains("certificate"), "\(note)")
            #expect(!note.contains("tls."), "\(note)")
        }
        let broken = EndpointAuthority(name: "no.pem", bytes: Array("no".utf8))
        await #expect(throws: RunError.self) {
            _ = try await self.run("https", port: 1, authority: broken, length: "100ms")
        }
    }

    @Test("A collector that is too busy is asked again, and nothing is lost")
    func retry() async throws {
        let busy = Mutex(1)
        try await FakeServer.run(
            script { peer, _ in
                let isBusy = busy.withLock { left in
                    left -= 1
                    return left >= 0
                }
                if isBusy {
                    peer.respond(503, "{}", headers: ["Retry-After: 0"])
                } else {
                    peer.respond(200, "{}")
                }
            }
        ) { collector in
            let run = try await run(port: collector.port)
            let last = try counters(try #require(collector.requests.last).body)
            #expect(last["clients.started"] == run.count("clients.started"))
            #expect(run.observer.warnings.count == 1)
            let note = try #require(run.result.sideNotes.first)
            #expect(run.result.sideNotes.count == 1)
            #expect(
                note.contains("1 of ") && note.contains("503 Service Unavailable") && note.contains("whole"),
                "\(note)"
            )
        }
    }

    @Test("At the end one that was in trouble is tried at once, also where it never took anything")
    func lastTry() async throws {
        let asked = Mutex(0)
        try await FakeServer.run(
            script { peer, _ in
                let isFirst = asked.withLock { asked in
                    asked += 1
                    return asked == 1
                }
                // A minute's rest, which the run's end does not wait for.
                if isFirst {
                    peer.respond(503, "{}", headers: ["Retry-After: 60"])
                } else {
                    peer.respond(200, "{}")
                }
            }
        ) { collector in
            let run = try await run(port: collector.port)
            #expect(collector.requests.count == 2)
            let last = try counters(try #require(collector.requests.last).body)
            #expect(last["clients.started"] == run.count("clients.started"))
            #expect(run.result.sideNotes.count == 1)
            #expect(run.result.sideNotes.first?.contains("whole") ?? false, "\(run.result.sideNotes)")
        }
    }

    @Test("One that wants to be left alone for longer than the end waits is not waited for")
    func leftAlone() async throws {
        let asked = Mutex(0)
        try await FakeServer.run(
            script { peer, _ in
                let isFirst = asked.withLock { asked in
                    asked += 1
                    return asked == 1
                }
                if isFirst {
                    peer.respond(200, "{}")
                } else {
                    peer.respond(429, "{}", headers: ["Retry-After: 600"])
                }
            }
        ) { collector in
            // If it were, this test would run into its limit.
            let run = try await run(port: collector.port, lastTime: .seconds(300))
            let note = try #require(run.result.sideNotes.first)
            #expect(note.contains("which has older ones") && note.contains("429 Too Many Requests"), "\(note)")
        }
    }

    @Test("Who interrupts while the last push is awaited ends that wait alone: the run is complete")
    func interruption() async throws {
        let running = Mutex<Run?>(nil)
        try await FakeServer.run(
            script { _, _ in
                // There is but one push, the last.
                running.withLock { $0 }?.interrupt()
            }
        ) { collector in
            let run = try await run(
                port: collector.port,
                timeout: .seconds(300),
                interval: .seconds(60),
                length: "100ms",
                started: { run in running.withLock { $0 = run } }
            )
            #expect(run.result.ending == .complete)
            #expect(run.count("clients.finished") == run.count("clients.started"))
            let note = try #require(run.result.sideNotes.first)
            #expect(note.hasSuffix("the wait for it was interrupted"), "\(note)")
        }
    }

    @Test("It is said that the end waits for the collector, where that takes its time")
    func waiting() async throws {
        let first = Mutex<FakePeer?>(nil)
        let observer = EngineObserver(onWait: { _ in first.withLock { $0 }?.after(.zero) { $0.respond(200, "{}") } })
        try await FakeServer.run(script { peer, _ in first.withLock { $0 = $0 ?? peer } }) { collector in
            let run = try await run(
                port: collector.port,
                timeout: .seconds(300),
                interval: .seconds(60),
                length: "100ms",
                observer: observer
            )
            #expect(
                run.observer.waits == [
                    "waiting for http://127.0.0.1:\(collector.port)/v1/metrics to take the last figures"
                ]
            )
            #expect(run.result.sideNotes == [])
        }
    }

    @Test("What the collector did not want is told, without its repeating a key")
    func partial() async throws {
        let answer = #"{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"not with \#(Self.key)"}}"#
        try await FakeServer.run(script { peer, _ in peer.respond(200, answer) }) { collector in
            let run = try await run(port: collector.port, length: "100ms")
            #expect(
                run.result.sideNotes == [
                    "http://127.0.0.1:\(collector.port)/v1/metrics turned down 3 points of a push: not with [redacted]"
                ]
            )
        }
    }

    /// What a collector can do to who tells it something.
    enum Misbehaviour: String, CaseIterable {
        case silent, refusing, closing, garbage, endlessHead, endlessBody, hugeLength, redirecting, dripping

        var answer: @Sendable (FakePeer, FakeRequest) -> Void {
            switch self {
            case .silent: { _, _ in }
            case .refusing: { peer, _ in peer.respond(401, "no \(ExportEndToEndTests.key)\u{1B}[31m") }
            case .closing: { peer, _ in peer.close() }
            case .garbage: { peer, _ in peer.send([0, 255, 13, 10, 13, 10]) }
            case .endlessHead:
                { peer, _ in peer.send(Array("HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 200_000))".utf8)) }
            case .endlessBody:
                { peer, _ in
                    let chunk = "10000\r\n\(String(repeating: "x", count: 65_536))\r\n"
                    peer.send(
                        Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\(chunk)\(chunk)".utf8)
                    )
                }
            case .hugeLength:
                { peer, _ in peer.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}".utf8)) }
            case .redirecting:
                { peer, _ in peer.respond(307, "", headers: ["Location: /elsewhere"]) }
            case .dripping:
                { peer, _ in
                    peer.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n".utf8))
                    peer.drip(Array(repeating: 0x20, count: 60_000)[...], by: 1)
                }
            }
        }

        var reason: String {
            switch self {
            case .silent, .dripping, .hugeLength: "no whole answer within"
            case .refusing: #"401 Unauthorized, no [redacted]\u{1b}[31m"#
            case .closing: "closed the connection"
            case .garbage: "invalid"
            case .endlessHead: "the head of the answer is longer than 65536 bytes"
            case .endlessBody: "the answer is longer than 65536 bytes"
            case .redirecting: "307 Temporary Redirect"
            }
        }
    }

    @Test("Whatever the collector does, the run is as without it", arguments: Misbehaviour.allCases)
    func misbehaviour(_ misbehaviour: Misbehaviour) async throws {
        try await FakeServer.run(script(misbehaviour.answer)) { collector in
            let run = try await run(port: collector.port, timeout: .milliseconds(300), length: "200ms")
            #expect(run.errors == [:])
            #expect(run.count("clients.finished") == run.count("clients.started"))
            #expect(run.result.ending == .complete)
            let note = try #require(run.result.sideNotes.first)
            #expect(run.result.sideNotes.count == 1)
            #expect(
                note.hasPrefix("the figures could not be pushed to http://127.0.0.1:\(collector.port)/v1/metrics: ")
            )
            #expect(note.lowercased().contains(misbehaviour.reason.lowercased()), "\(note)")
            #expect(collector.requests.allSatisfy { $0.uri == "/v1/metrics" })
        }
    }

    @Test("One that is not there is told of once, and the run is as without it")
    func nobody() async throws {
        try await FakeServer.run { collector in
            try await collector.stopListening()
            let run = try await run(port: collector.port, length: "1200ms")
            #expect(run.errors == [:])
            #expect(run.observer.warnings.count == 1)
            #expect(run.observer.warnings.first?.contains("failed: Connection refused") ?? false)
            #expect(run.result.sideNotes.count == 1)
            #expect(run.result.sideNotes.first?.contains("Connection refused") ?? false)
        }
    }
}

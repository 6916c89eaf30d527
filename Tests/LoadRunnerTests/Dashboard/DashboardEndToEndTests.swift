import Foundation
import Metrics
import Testing

@testable import LoadRunner

@Suite("The dashboard", .serialized, .timeLimit(.minutes(1)))
struct DashboardEndToEndTests {
    /// Starts a dashboard, and stops it after the closure.
    private func with<Result: Sendable>(
        pendingLimit: Int = 4 << 20,
        _ body: (Dashboard, _ port: Int) async throws -> Result
    ) async throws -> Result {
        let dashboard = try await Dashboard.start(.standard, pendingLimit: pendingLimit)
        let port = try #require(URL(string: dashboard.url)?.port)
        #expect(dashboard.isLoopback)
        do {
            let result = try await body(dashboard, port)
            await dashboard.stop()
            return result
        } catch {
            await dashboard.stop()
            throw error
        }
    }

    private func answer(
        _ port: Int,
        _ path: String,
        method: String = "GET",
        host: String = "localhost",
        _ headers: String...
    )
        async throws -> String
    {
        try await DashboardClient.talk(to: port) { client in
            try await client.get(path, method: method, host: host, headers: headers)
            return await client.rest()
        }
    }

    // MARK: - Requests

    @Test("serves its page with a policy that lets nothing else in")
    func page() async throws {
        try await with { _, port in
            let first = try await answer(port, "/")
            #expect(first.hasPrefix("HTTP/1.1 200 "))
            let nonce = try #require(first.firstMatch(of: /script-src 'nonce-([a-z0-9]+)'/)?.1)
            #expect(first.contains("<script nonce=\"\(nonce)\">"))
            #expect(first.contains("default-src 'none'") && first.contains("frame-ancestors 'none'"))
            let second = try await answer(port, "/?again")
            #expect(second.hasPrefix("HTTP/1.1 200 ") && !second.contains(nonce))
        }
    }

    @Test("answers to nobody who takes it for another server")
    func hosts() async throws {
        try await with { _, port in
            for path in ["/", "/events", "/metrics"] {
                #expect(try await answer(port, path, host: "evil.example:\(port)").hasPrefix("HTTP/1.1 403 "))
            }
            #expect(try await answer(port, "/metrics", host: "127.0.0.1:\(port)").hasPrefix("HTTP/1.1 200 "))
            #expect(try await answer(port, "/", "Host: localhost").hasPrefix("HTTP/1.1 400 "))
            // What stands in the request line counts, not the header.
            #expect(
                try await answer(port, "HTTP://localhost:\(port)/metrics", host: "evil.example").hasPrefix(
                    "HTTP/1.1 200 "
                )
            )
            #expect(try await answer(port, "http://localhost?a").hasPrefix("HTTP/1.1 200 "))
            #expect(try await answer(port, "http://evil.example/").hasPrefix("HTTP/1.1 403 "))
            let without = try await DashboardClient.talk(to: port) { client in
                try await client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
                return await client.rest()
            }
            #expect(without.hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test("says what it does not understand")
    func refusals() async throws {
        try await with { _, port in
            for path in ["/nothing", "/summary", "/metrics/", "/../etc/passwd", "http://localhost/nothing"] {
                #expect(try await answer(port, path).hasPrefix("HTTP/1.1 404 "), "\(path)")
            }
            for method in ["POST", "HEAD", "DELETE", "OPTIONS"] {
                let answer = try await answer(port, "/", method: method)
                #expect(answer.hasPrefix("HTTP/1.1 405 ") && answer.contains("allow: GET"), "\(method)")
            }
            for garbage in ["GARBAGE\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
                let answer = try await DashboardClient.talk(to: port) { client in
                    try await client.send(garbage)
                    return await client.rest()
                }
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            }
            let large = try await answer(port, "/", "X-Large: \(String(repeating: "x", count: 200_000))")
            #expect(!large.hasPrefix("HTTP/1.1 200 "))
            #expect(try await answer(port, "/").hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test("answers several requests on one connection, and reads what bodies they have")
    func keptAlive() async throws {
        try await with { _, port in
            try await DashboardClient.talk(to: port) { client in
                try await client.get("/metrics", keeps: true)
                try await client.get("/nothing", headers: ["Content-Length: 5"], keeps: true)
                try await client.send("abcde")
                try await client.get("/nothing", headers: ["Content-Length: 5", "Expect: 100-continue"], keeps: true)
                _ = try #require(await client.read(through: "HTTP/1.1 100 Continue\r\n\r\n"))
                try await client.send("abcde")
                try await client.get("/metrics")
                let text = await client.rest()
                #expect(text.ranges(of: "HTTP/1.1 200 ").count == 1)
                #expect(text.ranges(of: "HTTP/1.1 404 ").count == 1)
            }
        }
    }

    @Test("closes connections beyond the sixty-fourth")
    func tooMany() async throws {
        try await with { _, port in
            let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<(DashboardLoop.connectionLimit + 6) {
                    group.addTask {
                        do {
                            return try await DashboardClient.talk(to: port) { client in
                                try await client.get("/events", keeps: true)
                                // Either the greeting or the end.
                                guard await client.read(through: "event: runs") != nil else { return true }
                                return await client.read(through: "event: run\n") == nil
                            }
                        } catch let error where !(error is CancellationError) {
                            // It was closed before there was anything to ask.
                            return true
                        }
                    }
                }
                // Those who were taken wait for a run; the others say at once that they were not.
                var refused = 0
                while refused < 6, let isRefused = try await group.next() { refused += isRefused ? 1 : 0 }
                group.cancelAll()
                return refused
            }
            #expect(refused == 6)
        }
    }

    // MARK: - Events

    @Test("tells a viewer what was and what comes, and tells it again after a reload")
    func reload() async throws {
        try await with { dashboard, port in
            var fixture = try DashboardFixture()
            let seconds = (0..<5).map { _ in fixture.next() }
            dashboard.begin(fixture.plan)
            for (figures, totals) in seconds[..<3] { dashboard.add(figures, totals) }
            let id = try await DashboardClient.talk(to: port) { client in
                try await client.get("/events", keeps: true)
                let greeting = try #require(await client.read(through: "event: second\n"))
                #expect(greeting.contains("content-type: text/event-stream"))
                #expect(greeting.contains("\"scenario\":\"storm\""))
                #expect(greeting.contains("\"seconds\":[0,1,2]"))
                dashboard.add(seconds[3].0, seconds[3].1)
                let event = try #require(await client.read(through: "event: second\n"))
                return try #require(event.firstMatch(of: /id: (\S+-3)\n/)?.1).description
            }
            dashboard.add(seconds[4].0, seconds[4].1)
            // Whoever comes back is told what it has missed, and nobody else but the whole.
            for (lastID, isKnown) in [(id, true), ("other-1-3", false), ("", false), ("x", false)] {
                try await DashboardClient.talk(to: port) { client in
                    try await client.get("/events", headers: ["Last-Event-ID: \(lastID)"], keeps: true)
                    let text = try #require(await client.read(through: "\"second\":4,"))
                    #expect(text.contains("event: history") == !isKnown, "\(lastID)")
                    #expect(text.contains("\"seconds\":[0,1,2,3,4]") == !isKnown, "\(lastID)")
                    #expect(text.ranges(of: "event: second").count == 1)
                }
            }
        }
    }

    @Test("shows the verdict, the next run with the earlier one's, and the end")
    func runs() async throws {
        let dashboard = try await Dashboard.start(.standard)
        let port = try #require(URL(string: dashboard.url)?.port)
        var fixture = try DashboardFixture()
        let (figures, totals) = fixture.next()
        let (plan, verdict) = (fixture.plan, fixture.verdict)
        try await DashboardClient.talk(to: port) { client in
            try await client.get("/events", keeps: true)
            _ = try #require(await client.read(through: "event: runs\ndata: []"))
            dashboard.begin(plan)
            dashboard.add(figures, totals)
            dashboard.end(verdict)
            let shown = try #require(await client.read(through: "PASSED: the check holds"))
            #expect(shown.contains("event: verdict"))
            #expect(try await answer(port, "/metrics").contains("reprise_run_over 1\n"))
            dashboard.begin(plan)
            _ = try #require(await client.read(through: "\"number\":2"))
            try await DashboardClient.talk(to: port) { late in
                try await late.get("/events", keeps: true)
                let greeting = try #require(await late.read(through: "\"number\":2"))
                #expect(greeting.contains("PASSED: the check holds"))
                // Somebody who scrapes keeps his connection, and has to let go of it.
                try await DashboardClient.talk(to: port) { idle in
                    try await idle.get("/metrics", keeps: true)
                    _ = try #require(await idle.read(through: "reprise_run_info"))
                    await dashboard.stop(within: .seconds(30))
                    #expect(!(await idle.rest()).contains("HTTP/1.1"))
                }
                let end = await late.rest()
                // The last chunk says that nothing was lost.
                #expect(end.contains("event: over") && end.hasSuffix("\r\n0\r\n\r\n"))
            }
            #expect(await client.rest().contains("event: over"))
        }
        await #expect(throws: (any Error).self) { try await answer(port, "/") }
    }

    @Test("tells twenty viewers the same, and drops one that does not read without making the others wait")
    func viewers() async throws {
        try await with(pendingLimit: 64 << 10) { dashboard, port in
            // Long names make large events, so that what the kernels keep is soon full.
            let names = (0..<2).map { "\(String(repeating: "n", count: 1000))\($0)" }
            var fixture = try DashboardFixture(groups: names)
            dashboard.begin(fixture.plan)
            let (figures, totals) = fixture.idle()
            let (seconds, batch) = (200, 10)
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
                let (batches, hasBatch) = AsyncStream.makeStream(of: Void.self)
                let (rest, mayRead) = AsyncStream.makeStream(of: Void.self)
                group.addTask {
                    try await DashboardClient.talk(to: port, receiveBuffer: 4096) { client in
                        try await client.get("/events", keeps: true)
                        _ = await client.read(through: "event: runs")
                        isReady.yield()
                        for await _ in rest {}
                        // Nothing was read meanwhile; what comes now ends before the last event.
                        #expect(!(await client.rest()).contains("event: verdict"))
                    }
                }
                for _ in 0..<20 {
                    group.addTask {
                        try await DashboardClient.talk(to: port) { client in
                            try await client.get("/events", keeps: true)
                            _ = await client.read(through: "event: history")
                            isReady.yield()
                            for number in 1...seconds {
                                _ = try #require(await client.read(through: "event: second"), "dropped at \(number)")
                                if number % batch == 0 { hasBatch.yield() }
                            }
                            #expect(await client.read(through: "event: verdict") != nil)
                            hasBatch.yield()
                        }
                    }
                }
                var (waiting, done) = (ready.makeAsyncIterator(), batches.makeAsyncIterator())
                for _ in 0..<21 { await waiting.next() }
                for number in 1...seconds {
                    dashboard.add(figures, totals)
                    guard number % batch == 0 else { continue }
                    // Those who read have all of it, however much waits for the one who does not.
                    for _ in 0..<20 { await done.next() }
                }
                dashboard.end(fixture.verdict)
                for _ in 0..<20 { await done.next() }
                mayRead.finish()
                try await group.waitForAll()
            }
        }
    }

    // MARK: - Figures for other programs

    @Test("speaks Prometheus text, and OpenMetrics where it is asked to")
    func formats() async throws {
        try await with { dashboard, port in
            var fixture = try DashboardFixture()
            #expect(try await answer(port, "/metrics").contains("content-length: 0"))
            dashboard.begin(fixture.plan)
            let (figures, totals) = fixture.next()
            dashboard.add(figures, totals)
            let plain = try await answer(port, "/metrics")
            #expect(plain.contains("content-type: text/plain; version=0.0.4"))
            #expect(plain.contains("reprise_latency_seconds_count{metric=\"join\",group=\"visitor\"} 1\n"))
            let accept =
                "Accept: application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75"
            let open = try await answer(port, "/metrics", accept)
            #expect(open.contains("content-type: application/openmetrics-text; version=1.0.0"))
            #expect(open.hasSuffix("# EOF\n"))
            let none = try await answer(port, "/metrics", "Accept: application/openmetrics-text;q=0, text/plain")
            #expect(none.contains("version=0.0.4"))
            dashboard.add(fixture.next().0, totals)
            #expect(try await answer(port, "/metrics").contains("reprise_run_elapsed_seconds 2\n"))
        }
    }

    @Test("says where it cannot listen")
    func taken() async throws {
        try await with { _, port in
            let error = await #expect(throws: RunError.self) {
                _ = try await Dashboard.start(DashboardAddress(host: "127.0.0.1", port: port))
            }
            #expect(error?.message.contains("127.0.0.1:\(port)") == true)
        }
    }
}

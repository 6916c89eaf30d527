import NIOCore
import Scenarios
import Testing
import Wire

@testable import LoadRunner

@Suite("Limits on the answers to requests", .serialized, .timeLimit(.minutes(1)))
struct HTTPLimitsEndToEndTests {
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\nflow: [ http: GET /a ]"

    @Test("A body as long as the limit is taken, one byte more is too large", arguments: [100, 101])
    func body(length: Int) async throws {
        var script = FakeServer.Script()
        script.request = { peer, _ in peer.respond(200, String(repeating: "x", count: length)) }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(server, Self.one, change: { $0.groups[0].target.limits.body = 100 })
            #expect(run.errors == (length == 100 ? [:] : ["too_large": 1]))
            #expect(run.count("http.failed") == length - 100)
            await server.until { $0.contains(.ended(0)) }
        }
    }

    @Test(
        "A head longer than the limit is too large, in one header or in many",
        arguments: [
            [String(repeating: "x", count: 1001)], Array(repeating: String(repeating: "x", count: 100), count: 10),
        ]
    )
    func head(values: [String]) async throws {
        var script = FakeServer.Script()
        script.request = { peer, _ in
            peer.respond(200, "{}", headers: values.enumerated().map { "X-\($0.offset): \($0.element)" })
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(server, Self.one, change: { $0.groups[0].target.limits.headers = 1000 })
            #expect(run.errors == ["too_large": 1])
            #expect(run.examples.first?.contains("the head of the answer is longer") == true, "\(run.examples)")
            let larger = try await EngineRun.run(
                server,
                Self.one,
                change: { $0.groups[0].target.limits.headers = 2000 }
            )
            #expect(larger.errors == [:])
        }
    }
}

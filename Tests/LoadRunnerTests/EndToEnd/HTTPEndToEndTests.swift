import NIOCore
import Synchronization
import Testing

@testable import LoadRunner

@Suite("Requests beside the socket", .serialized, .timeLimit(.minutes(1)))
struct HTTPEndToEndTests {
    /// One client, whom nobody replaces.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\n"

    @Test("The connection of a request that was given up is closed while the run goes on")
    func silentServer() async throws {
        let most = Mutex(0)
        var script = FakeServer.Script()
        script.request = { peer, _ in most.withLock { $0 = max($0, peer.openConnections) } }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 900ms, clients: 1 } ]
                flow: [ { http: GET /, within: 100ms } ]
                """
            )
            let timeouts = run.errors["timeout"] ?? 0
            #expect(timeouts >= 3)
            #expect(server.requests.count >= timeouts)
            #expect(run.count("http.failed") == timeouts)
        }
        // The next client's request comes when the last one's connection is closed.
        #expect(most.withLock { $0 } == 1)
    }

    @Test("A flow of requests alone reaches the target")
    func reachesTarget() async throws {
        try await FakeServer.run { server in
            let run = try await EngineRun.run(server, Self.one + "flow: [ http: GET /a ]")
            #expect(run.result.reachedTarget)
            #expect(run.errors == [:])
            #expect(run.count("http.count") == 1)
            #expect(run.count("connect.count") == 0)
        }
    }

    @Test("Where nobody listens the target is not reached")
    func reachesNobody() async throws {
        try await FakeServer.run { server in
            try await server.stopListening()
            let run = try await EngineRun.run(server, Self.one + "flow: [ http: GET /a ]")
            #expect(!run.result.reachedTarget)
            #expect(run.errors == ["refused": 1])
        }
    }

    @Test("A whole URL goes to its own host, without what belongs to the target; cookies are the target's")
    func otherHost() async throws {
        var targetScript = FakeServer.Script()
        targetScript.request = { $0.respond(200, "{}", headers: $1.uri == "/a" ? ["Set-Cookie: sid=1; Path=/"] : []) }
        var otherScript = FakeServer.Script()
        otherScript.request = { peer, _ in peer.respond(200, "{}", headers: ["Set-Cookie: foreign=1"]) }
        let scripts = [targetScript, otherScript]
        try await FakeServer.run(scripts[0]) { server in
            try await FakeServer.run(scripts[1]) { other in
                let run = try await EngineRun.run(
                    server,
                    Self.one + """
                        flow:
                          - http: GET /a
                          - http: GET http://127.0.0.1:\(other.port)/x?y=1
                            headers: { X-Own: "yes" }
                          - http: GET /b
                          - connect
                        """,
                    target: #"headers: { X-Target: "secret" }"#
                )
                #expect(run.errors == [:])
                #expect(run.count("http.count") == 3)
                let asked = try #require(other.requests.first)
                #expect(other.requests.count == 1)
                #expect(asked.uri == "/x?y=1")
                #expect(asked.headers["host"] == "127.0.0.1:\(other.port)")
                #expect(asked.headers["x-own"] == "yes")
                #expect(asked.headers["x-target"] == nil)
                #expect(asked.headers["cookie"] == nil)
                let own = server.requests
                #expect(own.map(\.method) == ["GET", "GET", "GET"])
                #expect(own.map { $0.headers["host"] } == Array(repeating: "127.0.0.1:\(server.port)", count: 3))
                #expect(own.map { $0.headers["x-target"] } == ["secret", "secret", "secret"])
                #expect(own.map { $0.headers["cookie"] } == [nil, "sid=1", "sid=1"])
                #expect(own.last?.headers["upgrade"]?.lowercased() == "websocket")
            }
        }
    }

    @Test("A POST over a connection that breaks is not sent twice", arguments: ["", "garbage\r\n\r\n"])
    func post(answer: String) async throws {
        var script = FakeServer.Script()
        script.request = { peer, request in
            guard request.method == "POST" else { return peer.respond(200, "{}") }
            if !answer.isEmpty { peer.send(Array(answer.utf8)) }
            peer.close()
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ http: GET /first, { http: POST /second, json: { a: 1 } } ]"
            )
            #expect(server.requests.map(\.method) == ["GET", "POST"])
            #expect(server.requests.last?.body == #"{"a":1}"#)
            #expect(server.log.filter { if case .accepted = $0 { true } else { false } }.count == 1)
            #expect(run.count("http.count") == 2)
            #expect(run.count("http.failed") == 1)
            #expect(run.count("clients.failed") == 1)
            #expect(run.errors == [answer.isEmpty ? "reset" : "protocol": 1])
        }
    }

    @Test("A GET over a connection that the server has closed is sent once more, and not a third time")
    func get() async throws {
        var script = FakeServer.Script()
        script.request = { peer, request in
            if request.uri == "/dead" || (peer.number == 0 && peer.requestCount == 2) {
                peer.close()
            } else {
                peer.respond(200, "{}")
            }
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + "flow: [ http: GET /first, http: GET /second, http: GET /dead ]"
            )
            #expect(server.requests.map(\.uri) == ["/first", "/second", "/second", "/dead", "/dead"])
            #expect(run.count("http.count") == 3)
            #expect(run.count("http.failed") == 1)
            #expect(run.errors == ["reset": 1])
        }
    }

    @Test("Who fails at a request is replaced at once")
    func failedLogin() async throws {
        var script = FakeServer.Script()
        script.request = { peer, _ in peer.respond(500, "no") }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 500ms, clients: 1 } ]
                flow: [ http: POST /login, connect ]
                """
            )
            #expect((run.count("clients.started") ?? 0) > 3)
            #expect(run.errors == ["http.500": run.count("clients.failed") ?? 0])
        }
    }

    @Test("Who cannot connect is replaced after a second")
    func refusedConnect() async throws {
        try await FakeServer.run { server in
            try await server.stopListening()
            let run = try await EngineRun.run(
                server,
                """
                load: [ { for: 1300ms, clients: 1 } ]
                flow: [ connect ]
                """
            )
            #expect(run.count("connect.count") == 2)
            #expect(run.count("connect.failed") == 2)
            #expect(run.errors == ["refused": 2])
        }
    }

    @Test(
        "What a server said cannot smuggle a header or a request into the next one",
        arguments: [
            "{ http: GET /b, headers: { X-Token: '${token}' } }", "{ http: 'GET /b?t=${token}' }",
            "connect",
        ]
    )
    func smuggling(step: String) async throws {
        var script = FakeServer.Script()
        script.request = { peer, request in
            peer.respond(200, request.uri == "/a" ? #"{"token":"1\r\nX-Evil: 1\r\nX-Rest:"}"# : "{}")
        }
        try await FakeServer.run(script) { server in
            let run = try await EngineRun.run(
                server,
                Self.one + """
                    flow:
                      - http: GET /a
                        capture: { token: token }
                      - \(step)
                    """,
                target: step == "connect" ? "transports: [polling], headers: { X-Token: '${token}' }" : ""
            )
            #expect(run.errors == ["script": 1])
            #expect(server.requests.map(\.uri) == ["/a"])
        }
    }
}

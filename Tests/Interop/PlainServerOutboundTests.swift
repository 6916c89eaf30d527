import Metrics
import Synchronization
import Testing

/// What happens to messages that a server does not read.
@Suite("Messages that the server does not read", .serialized, .needsPeers, .timeLimit(.minutes(1)))
struct PlainServerOutboundTests {
    /// Ten megabytes from each client: more than the kernels of both sides and the server take.
    private static let flow = """
        vars: { long: "${text(100000)}" }
        flow:
          - connect
          - repeat: 100
            flow: [ { send: "${long}" } ]
        """

    @Test("what does not get through is dropped and counted, and the flow goes on")
    func drop() async throws {
        let run = try await Self.run("drop", Self.flow)
        let clients = try #require(run.count("clients.started"))
        let dropped = try #require(run.count("send.dropped"))
        #expect(run.verdicts == [:])
        #expect(run.count("clients.finished") == clients)
        #expect(dropped > 10 * clients)
        #expect(run.count("messages.sent") == 100 * clients - dropped)
        #expect(try #require(run.histogram("send.blocked")).count >= clients)
        #expect(try #require(run.histogram("send.queued")).max >= 64 * 1024)
    }

    @Test("a client that must not wait fails, and says how much waits")
    func fail() async throws {
        let run = try await Self.run("fail", Self.flow)
        let clients = try #require(run.count("clients.started"))
        #expect(
            run.verdicts == ["errors.too_large": clients, "clients.failed": clients, "operations.failed": clients]
        )
        #expect(run.errors.first?.example.contains("the server does not read") == true)
        #expect(run.count("send.dropped") == 0)
        #expect(try #require(run.count("messages.sent")) < 100 * clients)
    }

    @Test("a client that waits is cut when the run ends, without a failure")
    func cut() async throws {
        let run = try await Self.run("wait", "grace: 1s\n" + Self.flow)
        let clients = try #require(run.count("clients.started"))
        #expect(run.verdicts == ["clients.cut": clients])
        #expect(run.count("send.dropped") == 0)
        #expect(try #require(run.histogram("send.blocked")).count >= clients)
        #expect(try #require(run.count("messages.sent")) < 100 * clients)
    }

    @Test("a client that waits goes on when the server reads again, and nothing is lost")
    func wait() async throws {
        try await Peer.withWebSocketServer { server in
            let seconds = Atomic(0)
            let text = Self.text(
                server,
                "/silent",
                "wait",
                """
                vars: { long: "${text(100000)}" }
                flow:
                  - connect
                  - think: 1500ms
                  - repeat: 100
                    flow: [ { send: "${long}" } ]
                """
            )
            let run = try await Measured.run(text) { totals in
                do {
                    switch seconds.add(1, ordering: .relaxed).newValue {
                    case 1: try server.freeze()
                    case 3: try server.thaw()
                    default: break
                    }
                } catch { Issue.record(error) }
            }
            let clients = try #require(run.count("clients.started"))
            #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
            #expect(run.count("clients.finished") == clients)
            #expect(run.count("messages.sent") == 100 * clients)
            #expect(try #require(run.histogram("send.blocked")).count >= clients)
            #expect(try await WebSocketCounts(of: server).messages == ["/silent": 100 * clients])
        }
    }

    private static func run(_ overflow: String, _ flow: String) async throws -> Measured {
        try await Peer.withWebSocketServer { server in
            try await Measured.run(text(server, "/deaf", overflow, flow))
        }
    }

    /// Five clients.
    private static func text(_ server: Peer, _ path: String, _ overflow: String, _ flow: String) -> String {
        """
        name: outbound
        target:
          url: "ws://127.0.0.1:\(server.port)"
          protocol: websocket
          path: \(path)
          outbound: { limit: 64KB, overflow: \(overflow) }
          tcp: { sendBuffer: 64KB }
        load: [ { for: 500ms, arrivals: 10/s } ]
        \(flow)
        """
    }
}

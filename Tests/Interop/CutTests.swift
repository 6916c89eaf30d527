import Foundation
import Metrics
import PracticeServer
import Testing

/// Connections that Reprise cuts: when each kind is known to the client, and what the server makes of it.
@Suite("Cuts, and who notices when", .serialized, .needsPeers, .timeLimit(.minutes(1)))
struct CutTests {
    /// In each of four groups.
    private static let clients = 50
    /// What a busy machine may add to what a client can know, in microseconds.
    private static let air = 500_000

    @Test("python-socketio: a reset is known at once, a close after a round trip, a silent peer by the heartbeat")
    func socketIO() async throws {
        try await RestartablePeer.withSocketIO(heartbeat: (1, 0.5)) { peer in
            let run = try await Measured.run(
                Self.text("url: \"http://127.0.0.1:\(peer.port)\"")
            )
            // The interval and the timeout that the server announces.
            try Self.expectDetected(run, vanish: 1_500_000)
            let lines = try peer.lines()
            // python-socketio does not tell a reset, a close frame and the end of a stream apart.
            let reasons = Self.tally(lines.filter { $0.event == "disconnect" }.compactMap(\.reason))
            #expect(
                reasons == [
                    "transport close": 2 * Self.clients, "ping timeout": Self.clients,
                    "client disconnect": 4 * Self.clients,
                ]
            )
            #expect(lines.count { $0.event == "connect" } == 7 * Self.clients)
        }
    }

    @Test("the practice server sees each cut as what it was")
    func practice() async throws {
        let run = try await Measured.run(
            Self.text("url: \"practice:echo?ping-interval=500ms&ping-timeout=500ms\"")
        )
        try Self.expectDetected(run, vanish: 1_000_000)
        let connections = try #require(run.truth).connections
        #expect(connections.accepted == 7 * Self.clients)
        #expect(connections.byRST == Self.clients)
        // Of those that went away, and of all at their end.
        #expect(connections.byCloseFrame == 5 * Self.clients)
        #expect(connections.byFIN == 0)
        // A vanished client misses its pong before it can miss a ping.
        #expect(connections.heartbeatMissed == Self.clients)
        #expect(
            connections.reasons == [
                "transport close": 2 * Self.clients, "ping timeout": Self.clients,
                "client namespace disconnect": 4 * Self.clients,
            ]
        )
    }

    /// Four groups of the same clients, three of which lose their connections, each in its way.
    private static func text(_ target: String) -> String {
        """
        name: cuts
        target: { \(target) }
        load: [ { for: 1s, clients: \(4 * clients), once: true }, { for: 5500ms, once: true } ]
        grace: 10s
        vars: { fell: false }
        reconnect: { delay: 200ms, jitter: 0.5 }
        rejoin:
          - emit: echo
            data: 2
            ack: { within: 5s, measure: rejoin }
        clients:
          reset:
            flow: &stay
              - connect
              - emit: echo
                data: 1
                ack: { within: 5s }
              - think: 5500ms
              - disconnect
          closed: { flow: *stay }
          vanished: { flow: *stay }
          spared: { flow: *stay }
        faults:
          - { at: 2s, drop: 100%, of: reset, how: reset }
          - { at: 2s, drop: 100%, of: closed, how: close }
          - { at: 2s, drop: 100%, of: vanished, how: vanish }
        """
    }

    /// - Parameter vanish: The longest time in which a heartbeat finds out that nobody is there, in microseconds.
    private static func expectDetected(_ run: Measured, vanish: Int) throws {
        // Who Reprise cut made no error, and failed nobody.
        #expect(
            run.verdicts == [
                "reconnect.lost": 3 * clients, "reconnect.recovered": 3 * clients, "heartbeat.missed": clients,
            ]
        )
        #expect(run.count("clients.finished") == 4 * clients)
        #expect(run.count("connect.count") == 7 * clients)
        #expect(run.count("rejoin.count") == 3 * clients)
        let detect = try ["reset", "closed", "vanished", "spared"].map {
            try #require(run.histogram("reconnect.detect", group: $0))
        }
        #expect(detect.map(\.count) == [clients, clients, clients, 0])
        #expect(detect[0].max < air)
        #expect(detect[1].max < air)
        // A ping came at most an interval before the cut, so that the next one is missed no sooner than the timeout after.
        #expect(detect[2].min > 0)
        #expect(detect[2].max > air)
        #expect(detect[2].max <= vanish + air)
        for group in ["reset", "closed", "vanished"] {
            #expect(run.count("reconnect.recovered", group: group) == clients, "\(group)")
        }
        #expect(run.count("reconnect.lost", group: "spared") == 0)
    }

    private static func tally(_ texts: [String]) -> [String: Int] {
        texts.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}

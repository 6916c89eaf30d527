import Metrics
import PracticeServer
import Testing

/// What a run says of a hub's events, beside what the practice server knows that it did to them.
///
/// Dashboards come while events flow and leave while events flow, so that at both ends a delivery may be under way: what
/// is compared there is bounded by the truth from both sides.
@Suite("Events of Xenon against their truth", .serialized, .timeLimit(.minutes(2)))
struct XenonTruthTests {
    private func watched(_ fault: String) async throws -> (run: Measured, deliveries: Truth.Deliveries) {
        let run = try await Measured.run(
            """
            name: watched
            target: { url: "practice:xenon?\(fault)", protocol: socket.io, auth: { apiKey: practice-key } }
            load: [ { for: 500ms, clients: 12, once: true }, { for: 9s, once: true } ]
            grace: 5s
            on:
              session_started: &delivery { fanout: { id: eventId, order: order }, room: dashboard, within: 3s }
              session_stopped: *delivery
              session_command: *delivery
              healing_event: *delivery
              interceptor_session_started: *delivery
              interceptor_request: *delivery
              interceptor_session_stopped: *delivery
            flow:
              - connect
              - emit: register_dashboard
                joins: dashboard
              - think: 8s
              - disconnect
            """
        )
        return (run, try #require(run.truth).deliveries)
    }

    private func count(_ name: String, _ run: Measured) -> Int {
        run.count("fanout.\(name)") ?? 0
    }

    @Test("without a fault nobody misses anything, gets it twice or out of order")
    func none() async throws {
        let (run, _) = try await watched("rate=200")
        #expect(count("received", run) > 1000)
        for name in ["missing", "late", "duplicated", "reordered", "stray"] {
            #expect(count(name, run) == 0, "\(name)")
        }
        #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
    }

    @Test("withheld events are missing, and nothing comes twice")
    func lost() async throws {
        let (run, deliveries) = try await watched("rate=200&lose-delivery=20")
        #expect(deliveries.withheld > 50)
        #expect(count("missing", run) <= deliveries.withheld)
        #expect(count("missing", run) + count("unsettled", run) >= deliveries.withheld * 4 / 5)
        #expect(count("missing", run) > deliveries.withheld / 2)
        #expect(count("duplicated", run) == 0)
        #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
    }

    @Test("events sent twice are duplicated, and nothing is missing")
    func doubled() async throws {
        let (run, deliveries) = try await watched("rate=200&double-delivery=20")
        #expect(deliveries.doubled > 50)
        #expect(count("duplicated", run) <= deliveries.doubled)
        #expect(count("duplicated", run) > deliveries.doubled / 2)
        #expect(count("missing", run) == 0)
        #expect(count("reordered", run) == 0)
        #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
    }

    @Test("events of a session that come in the wrong order break its stream by that, and by nothing else")
    func misordered() async throws {
        let run = try await Measured.run(
            """
            name: followed
            target: { url: "practice:xenon?wrong-order=5", protocol: socket.io, auth: { apiKey: practice-key } }
            load: [ { for: 500ms, clients: 6, once: true } ]
            grace: 60s
            vars: { session: "" }
            flow:
              - connect
              - emit: register_dashboard
              - await: session_started
                within: 20s
                capture: { session: id }
              - stream: session
                chunk:
                  - session_command
                  - healing_event
                  - interceptor_session_started
                  - interceptor_request
                  - interceptor_session_stopped
                  - session_stopped
                done: session_stopped
                where: event.session_id == session or event.sessionId == session or event.id == session
                index: sequence
                within: 40s
              - disconnect
            """
        )
        let misordered = try #require(run.truth).deliveries.misordered
        let reordered = run.count("stream.reordered") ?? 0
        #expect(reordered > 0 && reordered <= misordered)
        let moved = Set(run.verdicts.keys)
        #expect(
            moved.isSubset(of: ["stream.broken", "stream.complete", "stream.reordered", "stream.stray"]),
            "\(run.verdicts)"
        )
    }
}

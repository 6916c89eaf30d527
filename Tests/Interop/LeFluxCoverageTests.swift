import Foundation
import Metrics
import PracticeServer
import Testing

/// The scenarios that ship for LeFlux say and hear all that its documents have.
@Suite("LeFlux's scenarios against LeFlux's tables", .serialized, .timeLimit(.minutes(1)))
struct LeFluxCoverageTests {
    private static let fromClients: Set<String> = [
        "join_session", "action_complete", "sequence_complete", "update_context", "continue_task",
        "confirmation_response",
    ]
    private static let fromServer: Set<String> = [
        "session_joined", "message_chunk", "message_done", "message", "action_plan", "ui_block",
        "confirmation_required", "task_complete", "error",
    ]
    private static let requests: Set<String> = [
        "POST /api/session/init 200", "POST /api/chat 200", "POST /api/chat 400", "POST /api/chat 404",
    ]

    @Test("every event of the document goes both ways, and nothing is wrong")
    func document() async throws {
        let run = try await Self.run("leflux.yaml")
        let truth = try #require(run.truth)
        #expect(Set(truth.messages.received.keys) == Self.fromClients)
        #expect(Set(truth.messages.sent.keys) == Self.fromServer)
        #expect(Set(truth.http.keys) == Self.requests)
        #expect(Set(run.verdicts.keys).isSubset(of: Self.expected), "\(run.verdicts)")
        #expect(run.count("plan.client_limited") ?? 0 > 0)
        #expect(run.count("plan.refused") == truth.tasks.refused && truth.tasks.refused > 0)
        #expect(run.count("tab_kicked") == truth.connections.kicked && truth.connections.kicked > 0)
        #expect(run.count("turned_away.count") == truth.connections.rejected && truth.connections.rejected > 0)
        #expect(truth.sessions.restored > truth.connections.kicked)
        #expect(truth.plans.resent > 0 && truth.tasks.aborted > 0 && truth.tasks.failed > 0)
    }

    @Test("so does every event of today's, over polling")
    func current() async throws {
        let run = try await Self.run("leflux-current.yaml")
        let truth = try #require(run.truth)
        #expect(Set(truth.messages.received.keys) == Self.fromClients.union(["heartbeat"]))
        #expect(Set(truth.messages.sent.keys) == Self.fromServer.union(["ask_user", "session_taken_over"]))
        #expect(Self.requests.isSubset(of: truth.http.keys))
        #expect(Set(run.verdicts.keys).isSubset(of: Self.expected), "\(run.verdicts)")
        #expect(truth.connections.openedByPolling == truth.connections.accepted)
        #expect(truth.connections.upgraded == 0 && truth.connections.kicked == 0)
        #expect(run.count("tab_taken_over") == truth.messages.sent["session_taken_over"])
        #expect(run.count("loops_ended") ?? 0 > 0)
        #expect(truth.sessions.restored > 0 && truth.sessions.leaked == 0)
    }

    /// What a run counts that goes well; those who are still there at the end may be cut.
    private static let expected: Set<String> = [
        "stream.complete", "plan.completed", "plan.client_limited", "plan.refused", "clients.cut",
    ]

    private static func run(_ name: String) async throws -> Measured {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scenarios/\(name)")
        let text = try String(contentsOf: file, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "load:"))
        let end = try #require(lines[start...].firstIndex { $0.hasPrefix("grace:") })
        let load = "load: [ { for: 3s, clients: 150 }, { for: 12s }, { for: 3s, clients: 0 } ]"
        let short = lines[..<start] + [Substring(load)] + lines[end...]
        return try await Measured.run(short.joined(separator: "\n"))
    }
}

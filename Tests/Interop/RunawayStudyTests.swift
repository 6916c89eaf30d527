import Foundation
import PracticeServer
import Testing

/// docs/reproduce-a-runaway-loop.md, from a browser's session to a scenario of a few steps.
@Suite("The study of a runaway loop", .serialized, .needsPeers, .needs(.chromium), .timeLimit(.minutes(4)))
struct RunawayStudyTests {
    private static let clients = 10

    /// A row of deviations.csv.
    private struct Row {
        var recorded: Int
        var expected: Int
        var came: Int
        var missing: Int
    }

    @Test(
        "A visit to a shop is recorded, replayed by many, and cut down to the three steps that make an agent run away"
    )
    func study() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-study-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let recording = folder.appending(path: "visit.rec.jsonl").path
        try await Self.visit(recording)

        let buggy = try await Self.replay(recording, "practice:leflux?ignore-plan-limit", folder.appending(path: "a"))
        #expect(buggy.recorded >= 45)
        #expect(buggy.expected == buggy.recorded * Self.clients)
        #expect(buggy.missing == 0)
        // Thirty plans are what the server promises at most.
        let mended = try await Self.replay(recording, "practice:leflux", folder.appending(path: "b"))
        #expect(mended.came <= 30 * Self.clients)
        #expect(mended.missing == mended.expected - mended.came)

        let scenario = folder.appending(path: "least.yaml").path
        let (_, code) = try await Script.exit([
            Needs.reprise, "minimize", recording, "--target", "practice:leflux?ignore-plan-limit",
            "--check", "plan.runaway == 0", "--server-limit", "30", "-o", scenario,
        ])
        #expect(code == 0)
        let text = try String(contentsOfFile: scenario, encoding: .utf8)
        let steps = text.split(separator: "\n").filter { $0.hasPrefix("  - ") }.filter { !$0.contains("clients:") }
        #expect(steps.map { $0.dropFirst(4).prefix { $0 != ":" } } == ["emit", "http", "plan", "plan.runaway == 0"])
        let (_, failure) = try await Script.exit([
            Needs.reprise, "run", scenario, "--out", folder.appending(path: "c").path, "--generator", "warn",
        ])
        #expect(failure == 99)
        let (_, success) = try await Script.exit([
            Needs.reprise, "run", scenario, "--target", "practice:leflux", "--out", folder.appending(path: "d").path,
            "--generator", "warn",
        ])
        #expect(success == 0)
    }

    /// Lets a visitor in Chromium chat with a server whose agents run away, through the recorder.
    private static func visit(_ recording: String) async throws {
        let server = try await PracticeServer.start(.init(system: "leflux", port: 0, faults: [.ignorePlanLimit]))
        let command = [Needs.reprise, "record", "--target", "http://127.0.0.1:\(server.port)"]
        do {
            try await Peer.with(command + ["--listen", "127.0.0.1:0", "-o", recording]) { recorder in
                let page = try Needs.peer("browser_shop.py")
                let chromium = try #require(Tool.chromium.path)
                let url = "http://127.0.0.1:\(recorder.port)"
                _ = try await Script.run(["python3", page, chromium, Needs.javaScriptClient, url, "45"])
                _ = try await recorder.lastWords()
            }
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    /// Replays it, and returns what became of the action plans.
    private static func replay(_ recording: String, _ target: String, _ folder: URL) async throws -> Row {
        let (_, code) = try await Script.exit([
            Needs.reprise, "replay", recording, "--target", target, "--clients", "\(clients)", "--out", folder.path,
            "--generator", "warn",
        ])
        #expect(code == 0)
        let csv = try String(contentsOf: folder.appending(path: "deviations.csv"), encoding: .utf8)
        let row = try #require(csv.split(separator: "\r\n").first { $0.hasPrefix("action_plan,") })
        let cells = row.split(separator: ",", omittingEmptySubsequences: false).dropFirst().prefix(4).map { Int($0) }
        return Row(
            recorded: try #require(cells[0]),
            expected: try #require(cells[1]),
            came: try #require(cells[2]),
            missing: try #require(cells[3])
        )
    }
}

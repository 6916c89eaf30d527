import Foundation
import Testing

/// A real browser that watches a run.
@Suite("The dashboard in a browser", .serialized, .needsPeers, .needs(.chromium), .timeLimit(.minutes(1)))
struct DashboardTests {
    private static let scenario = """
        name: watched
        description: "<b>&amp;"
        target: { url: "practice:echo" }
        load: [ { for: 4s, clients: 20, name: ramp }, { for: 6s, name: steady } ]
        grace: 1s
        faults: [ { at: 4s, drop: 50%, how: reset } ]
        reconnect: socket.io
        flow:
          - connect
          - repeat: forever
            flow:
              - emit: echo
                data: [1]
                ack: { within: 5s, measure: ping }
                onLoss: retry
              - think: 50ms
        checks: [ ping.p95 < 5s ]
        """

    private struct Page: Decodable {
        var charts: [String: Int]
        var state: String
        var clock: String
        var scenario: String
        var checks: String
        var kinds: String
        var active: String
        var verdict: String
        var metrics: Int
        var wide: Bool
        var inked: Bool
    }

    private struct Pieces: Decodable {
        var again: Bool
        var grown: [String]
        var step: Int
        var aligned: Bool
        var whole: Bool
        var ticks: [Int]
    }

    private struct Report: Decodable {
        var first: Page
        var grown: Page
        var reloaded: Page
        var over: Page
        var gone: Page
        var pieces: Pieces
        var errors: [String]
        var requests: [String]
    }

    @Test("draws charts that grow, shows them again after a reload, and the verdict at the end")
    func watch() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-dashboard-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let scenario = folder.appending(path: "watched.yaml")
        try Data(Self.scenario.utf8).write(to: scenario)
        let command = [
            Needs.reprise, "run", scenario.path, "--dashboard", "--quiet", "--generator", "warn", "--threads", "1",
            "--out",
            folder.appending(path: "results").path,
        ]
        let page = try Needs.peer("browser_dashboard.py")
        let chromium = try #require(Tool.chromium.path)
        let line = try await Script.run(["python3", page, chromium, "--run"] + command)
        let report = try JSONDecoder().decode(Report.self, from: Data(line.utf8))
        #expect(report.errors.isEmpty, "\(report.errors)")
        let hosts = Set(report.requests.map { URL(string: $0)?.host() ?? $0 })
        #expect(hosts == ["127.0.0.1"])
        let points = { (page: Page) in page.charts["clients"] ?? 0 }
        #expect(points(report.grown) >= points(report.first) + 2)
        #expect(points(report.reloaded) >= points(report.grown))
        #expect(points(report.over) >= 10)
        #expect((report.over.charts["latency"] ?? 0) >= 10)
        for page in [report.reloaded, report.over] {
            #expect(page.scenario == "watched" && page.inked && !page.wide && page.metrics >= 2)
            #expect(page.checks.contains("ping.p95 < 5s") && page.checks.contains("✓ holds"))
        }
        #expect(report.reloaded.state == "● running")
        #expect(report.over.verdict.contains("PASSED: the check holds"))
        #expect(!report.over.kinds.contains("yet"))
        #expect(report.over.clock.hasSuffix(" planned") && !report.over.clock.contains("waiting"))
        #expect(!report.pieces.again && report.pieces.grown == ["0,2,4,6", "2,4,6,7"])
        #expect(report.pieces.step == 4 && report.pieces.aligned && report.pieces.whole)
        #expect(report.pieces.ticks == [1, 5, 10, 30, 120, 900, 18_000, 172_800])
        // That the server has gone is no loss.
        #expect(report.gone.state == "✓ over: passed")
    }
}

import Foundation
import Metrics
import Testing

/// report.html of a real run, in Chromium.
@Suite("The report in a browser", .needsPeers, .needs(.chromium), .timeLimit(.minutes(1)))
struct ReportPageTests {
    /// What the page did.
    private struct Seen: Decodable {
        var address: String
        var requests: [String]
        var errors: [String]
        /// The captions of all charts: at first, at the first and second place of the mark, and without it again.
        var before: [String]
        var first: [String]
        var second: [String]
        var after: [String]
        var said: [String]
        /// Parts that are folded: at first, for the printer, and afterwards.
        var folded: [Int]
        /// By how much the page is wider than its window, in several widths and schemes.
        var wider: [Int]
        var paper: [String]
    }

    private static let hostile =
        #"</title><script>fetch("http://127.0.0.1:9/")</script><img src="http://127.0.0.1:9/x">"#

    @Test("it loads nothing, reports no error, fits a phone, and its charts obey the keyboard")
    func page() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-page-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let scenario = folder.appending(path: "page.yaml").path
        try Self.scenario.write(toFile: scenario, atomically: true, encoding: .utf8)
        let results = folder.appending(path: "results").path
        let (_, code) = try await Script.exit([
            Needs.reprise, "run", scenario, "--out", results, "--generator", "warn", "--seed", "7",
        ])
        #expect(code == 99, "the check cannot hold")
        let page = ReportPage(
            try StoredRun(directory: results),
            log: try LogTotals(path: "\(results)/latency.hlog", from: 0)
        )
        let path = folder.appending(path: "report.html").path
        try page.html.write(toFile: path, atomically: true, encoding: .utf8)
        let script = try Needs.peer("report_page.py")
        let line = try await Script.run(["python3", script, try #require(Tool.chromium.path), path])
        let seen = try JSONDecoder().decode(Seen.self, from: Data(line.utf8))

        #expect(seen.requests == [seen.address])
        #expect(seen.errors == [])
        #expect(seen.wider == [0, 0, 0, 0])
        #expect(Set(seen.paper).count == 2, "dark and light")
        #expect(seen.before.count >= 6)
        // One key moves the mark of all charts with the same axis, and the values change.
        let marked = zip(seen.before, seen.first).filter { $0 != $1 }.count
        #expect(marked >= 4)
        #expect(seen.first[0].contains("0:00") && seen.second[0].contains("0:01"))
        #expect(zip(seen.first, seen.second).filter { $0 != $1 }.count == marked)
        #expect(seen.after == seen.before)
        #expect(seen.said[0].hasPrefix("0:00, rise") && seen.said[0].contains("all "))
        #expect(seen.said[1].hasPrefix("0:01") && seen.said[1] != seen.said[0])
        #expect(seen.said[2].hasPrefix("max: from schedule "))
        #expect(seen.folded[0] > 0)
        #expect(seen.folded[1] == 0)
        #expect(seen.folded[2] == seen.folded[0])
    }

    private static let scenario = """
        name: page
        description: '\(hostile)\(String(repeating: "long", count: 75))'
        target: { url: practice:leflux }
        vars: { session: "${uuid()}" }
        load:
          - { for: 2s, clients: 20, name: rise }
          - { for: 2s, name: rest }
        grace: 1s
        flow:
          - connect
          - emit: join_session
            data: { sessionId: "${session}" }
          - await: session_joined
            within: 2s
            measure: join
          - think: 100ms
        checks:
          - join.p50 < 1us
        """
}

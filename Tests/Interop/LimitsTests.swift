import Foundation
import Testing

/// The scenarios of promised limits hold where the promises are kept, and fail where they are not.
@Suite("Limits that servers promise", .timeLimit(.minutes(1)))
struct LimitsTests {
    /// A scenario, another target than its own, the exit code, and the checks that fail.
    struct Case: Sendable {
        var scenario: String
        var target: String?
        var code: Int32
        var failing: Set<String> = []
    }

    /// The times of checks say nothing where tests run; where nobody was refused they have no data.
    private static let cases = [
        Case(scenario: "leflux-limits", code: 0),
        Case(
            scenario: "leflux-limits",
            target: "practice:leflux",
            code: 99,
            failing: [
                "sessions_refused", "questions_refused", "session_refused.max", "question_refused.max", "errors.rate",
            ]
        ),
        Case(
            scenario: "leflux-limits",
            target: "practice:leflux?rate-limit&ignore-plan-limit",
            code: 99,
            failing: ["tour.refused", "tour.plans.max"]
        ),
        Case(scenario: "elizaos-limits", code: 0),
        Case(
            scenario: "elizaos-limits",
            target: "practice:elizaos?ignore-limits",
            code: 99,
            failing: ["turned_away.count", "turned_away.failed", "admitted", "turned_away.max", "errors.rate"]
        ),
        Case(scenario: "praxis-limits", code: 0),
        Case(
            scenario: "praxis-limits",
            target: "practice:praxis?heartbeat=2s&ignore-limits",
            code: 99,
            failing: [
                "admitted", "turned_away", "cut_for_errors", "cut_for_silence", "error_limit.p95", "silence_limit.min",
            ]
        ),
    ]

    @Test("each is kept, refused in the documented way, and missed where the server does not keep it")
    func limits() async throws {
        // All at once: they mostly wait.
        try await withThrowingTaskGroup { group in
            for one in Self.cases { group.addTask { try await Self.expect(one) } }
            try await group.waitForAll()
        }
    }

    private static func expect(_ one: Case) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = Needs.root.appending(path: "scenarios/\(one.scenario).yaml").path
        let options = ["--seed", "1", "--generator", "warn", "--out", folder.path]
        let target = one.target.map { ["--target", $0] } ?? []
        let (said, code) = try await Script.exit([Needs.reprise, "run", file] + options + target)
        #expect(code == one.code, "\(one.scenario) \(one.target ?? ""): \(said)")
        let failing = said.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.first == "✗" ? words.dropFirst().first.map(String.init) : nil
        }
        #expect(Set(failing) == one.failing, "\(one.scenario) \(one.target ?? "")")
    }
}

import ArgumentParser
import Foundation
import LoadRunner
import Metrics
import Scenarios
import Testing

@testable import reprise

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite("A run that cannot begin", .timeLimit(.minutes(1)))
struct FailedRunEndToEndTests {
    private func execution(_ name: String, target: String, in folder: String, _ dashboard: Dashboard) throws
        -> RunExecution
    {
        let text = """
            name: \(name)
            target: { url: "\(target)" }
            load: [ { for: 100ms, arrivals: 20/s } ]
            flow: [ { think: 1ms } ]
            """
        let scenario = try ScenarioReader(environment: [:]).read(text: text, file: "\(name).yaml")
        return RunExecution(
            source: ScenarioSource(path: "\(name).yaml", text: text, scenario: scenario),
            options: try RunCommand.parse(["a.yaml", "--quiet", "--generator", "warn"]).options,
            folder: "\(folder)/\(name)",
            readScenario: { scenario },
            dashboard: dashboard
        )
    }

    @Test("is shown with its verdict on the dashboard, between two others")
    func between() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let dashboard = try await Dashboard.start(.standard)
        let metrics = try #require(URL(string: dashboard.url + "metrics"))
        for (name, target) in [
            ("first", "ws://127.0.0.1:1"), ("lost", "ws://nobody.invalid:1"), ("third", "ws://127.0.0.1:1"),
        ] {
            _ = try await execution(name, target: target, in: folder, dashboard).run()
            #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)/summary.json") == (name != "lost"))
            let (data, _) = try await URLSession.shared.data(from: metrics)
            let text = String(decoding: data, as: UTF8.self)
            #expect(text.contains("scenario=\"\(name)\"") && text.contains("reprise_run_over 1\n"), "\(text)")
        }
        await dashboard.stop()
    }
}

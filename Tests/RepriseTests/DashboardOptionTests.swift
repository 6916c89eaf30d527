import ArgumentParser
import LoadRunner
import Testing

@testable import reprise

@Suite("The option --dashboard")
struct DashboardOptionTests {
    @Test(
        "its address may be left out",
        arguments: [
            (["run", "--dashboard", "a.yaml"], ["run", "--dashboard=:0", "a.yaml"]),
            (["run", "a.yaml", "--dashboard"], ["run", "a.yaml", "--dashboard=:0"]),
            (["run", "--dashboard", "--quiet"], ["run", "--dashboard=:0", "--quiet"]),
            (["run", "--dashboard", "9000", "a.yaml"], ["run", "--dashboard=9000", "a.yaml"]),
            (["run", "--dashboard", "0.0.0.0:9000"], ["run", "--dashboard=0.0.0.0:9000"]),
            (["run", "--dashboard", "99999", "a.yaml"], ["run", "--dashboard=99999", "a.yaml"]),
            (["run", "--dashboard", "127.0.0.1:99999"], ["run", "--dashboard=127.0.0.1:99999"]),
            (["run", "--dashboard", "localhost", "a.yaml"], ["run", "--dashboard=localhost", "a.yaml"]),
            (["run", "--dashboard", "127.0.0.1"], ["run", "--dashboard=127.0.0.1"]),
            (["run", "--dashboard", "a/b:1", "c"], ["run", "--dashboard=:0", "a/b:1", "c"]),
            (["run", "--dashboard", "run2", "c"], ["run", "--dashboard=:0", "run2", "c"]),
            (["run", "--dashboard=9000", "a.yaml"], ["run", "--dashboard=9000", "a.yaml"]),
            (["run", "--", "--dashboard", "a.yaml"], ["run", "--", "--dashboard", "a.yaml"]),
            (["run", "a.yaml"], ["run", "a.yaml"]),
        ]
    )
    func completed(arguments: [String], expected: [String]) {
        #expect(DashboardOption.completed(arguments) == expected)
    }

    @Test(
        "in the environment it is a flag or an address",
        arguments: [
            ("1", "--dashboard"), ("true", "--dashboard"), ("9000", "--dashboard=9000"), ("0", ""), ("no", ""),
            ("", ""),
            ("0.0.0.0:9000", "--dashboard=0.0.0.0:9000"),
        ]
    )
    func environment(value: String, expected: String) {
        let merged = EnvironmentOptions.merged(arguments: ["run", "a.yaml"], environment: ["REPRISE_DASHBOARD": value])
        #expect(merged == ["run", "a.yaml"] + (expected.isEmpty ? [] : [expected]))
    }

    @Test("runs and replays take it, and nothing that is no address")
    func parsed() throws {
        let run = try RunCommand.parse(["--dashboard=:0", "a.yaml"])
        #expect(run.options.dashboard == .standard)
        let replay = try ReplayCommand.parse(["--dashboard=[::1]:9000", "a.rec.jsonl"])
        #expect(replay.options.dashboard == DashboardAddress(host: "::1", port: 9000))
        for text in ["everywhere", "99999", "127.0.0.1:99999"] {
            #expect(throws: (any Error).self, "\(text)") { try RunCommand.parse(["--dashboard=\(text)", "a.yaml"]) }
        }
    }
}

import ArgumentParser
import Foundation
import Metrics
import Scenarios
import Testing

@testable import reprise

@Suite("Runs that keep failures", .serialized, .timeLimit(.minutes(1)))
struct KeepFailuresEndToEndTests {
    /// Runs a scenario against a port where nobody listens.
    ///
    /// - Returns: The folder with the results, which goes when the closure is done.
    private func run(_ options: [String], flow: String, _ body: (String) throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = """
            name: nobody
            target: { url: "http://127.0.0.1:1" }
            reconnect: none
            load: [ { for: 100ms, arrivals: 100/s } ]
            flow: \(flow)
            """
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/nobody.yaml"))
        let arguments = ["\(folder)/nobody.yaml", "--quiet", "--out", "\(folder)/results"] + options
        _ = await #expect(throws: ArgumentParser.ExitCode.self) { try await RunCommand.parse(arguments).run() }
        try body("\(folder)/results")
    }

    private func object(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(filePath: path))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("write them into the folder, and name them in the summary and the option in run.json")
    func kept() async throws {
        try await run(["--keep-failures", "3"], flow: "[ connect ]") { results in
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(results)/failures").sorted()
            #expect(names.count == 3)
            #expect(names.map { $0.prefix(13) } == ["0001-refused-", "0002-refused-", "0003-refused-"])
            let failures = try #require(try object("\(results)/summary.json")["failures"] as? [[String: Any]])
            #expect(failures.map { $0["file"] as? String } == names.map { "failures/\($0)" })
            #expect(failures.map { $0["step"] as? String } == ["connect", "connect", "connect"])
            #expect(try object("\(results)/run.json")["keepFailures"] as? Int == 3)
            for name in names {
                let (recording, warnings) = try Recording.read(path: "\(results)/failures/\(name)")
                #expect(warnings.isEmpty)
                #expect(recording.entries.count == 2)
            }
        }
    }

    @Test("make no folder where nothing is to be kept, or nothing failed")
    func none() async throws {
        try await run([], flow: "[ connect ]") { results in
            #expect(FileManager.default.fileExists(atPath: "\(results)/summary.json"))
            #expect(!FileManager.default.fileExists(atPath: "\(results)/failures"))
            let description = try object("\(results)/run.json")
            #expect(description["keepFailures"] as? Int == 0)
        }
        try await run(["--keep-failures", "3"], flow: "[ { think: 1ms } ]") { results in
            #expect(FileManager.default.fileExists(atPath: "\(results)/summary.json"))
            #expect(!FileManager.default.fileExists(atPath: "\(results)/failures"))
        }
    }

    @Test("take a whole number that is not too large")
    func numbers() throws {
        #expect(try RunCommand.parse(["a.yaml", "--keep-failures", "10000"]).keptFailures == 10_000)
        for number in ["-1", "10001", "x"] {
            #expect(throws: (any Error).self) { try RunCommand.parse(["a.yaml", "--keep-failures=\(number)"]) }
        }
        let merged = EnvironmentOptions.merged(arguments: ["run", "a"], environment: ["REPRISE_KEEP_FAILURES": "3"])
        #expect(merged == ["run", "a", "--keep-failures=3"])
    }
}

import Foundation
import Testing

@testable import reprise

/// The scenarios of `reprise init`, as a newcomer runs them.
@Suite("Scenarios to start from", .timeLimit(.minutes(1)))
struct StartTests {
    @Test("each runs to its end, and what it checks holds", arguments: Start.all.map(\.name))
    func runs(name: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "start.yaml")
        let note = "wrote \(file.path); 'reprise check \(file.path)' says what would run"
        #expect(
            try await Script.run(["sh", "-c", #""$0" init "$1" -o "$2" 2>&1"#, Needs.reprise, name, file.path]) == note
        )
        // How fast it is says nothing where tests run.
        let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
        let kept = lines.filter { !$0.contains(#/^  - \S+ < [0-9]+m?s$/#) }
        #expect((1...3).contains(lines.count - kept.count))
        try kept.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        let options = ["--clients", "5", "--duration", "2s", "--quiet", "--generator", "warn"]
        let said = try await Script.run(
            [Needs.reprise, "run", file.path, "--out", folder.appending(path: "out").path] + options
        )
        #expect(said.contains("PASSED"))
    }
}

import ArgumentParser
import Foundation
import Metrics
import Testing

@testable import reprise

@Suite("reprise report")
struct ReportCommandTests {
    /// Runs it.
    ///
    /// - Returns: The exit code.
    private func run(_ arguments: [String]) throws -> Int32 {
        do {
            try ReportCommand.parse(arguments).run()
            return 0
        } catch let code as ArgumentParser.ExitCode {
            return code.rawValue
        }
    }

    @Test("a folder that is none, or holds no results, is wrong usage, and so is none at all")
    func usage() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try run([folder]) == 64)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(try run([folder]) == 64)
        try Data("{\"schema\": 99}".utf8).write(to: URL(filePath: "\(folder)/run.json"))
        #expect(try run([folder, folder]) == 64)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["run.json"])
        #expect(throws: (any Error).self) { try ReportCommand.parse([]) }
    }
}

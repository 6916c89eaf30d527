import Foundation
import Testing

/// Compares a text with a file of the fixtures.
///
/// With `UPDATE_GOLDEN=1` in the environment the file is written anew instead, and the test fails so that nobody takes
/// that for a pass.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = repository.appending(path: "Tests/ScenariosTests/Fixtures/\(name)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try Data(text.utf8).write(to: file)
        Issue.record("\(name) was written anew", sourceLocation: sourceLocation)
        return
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    #expect(text == golden, "\(name)", sourceLocation: sourceLocation)
}

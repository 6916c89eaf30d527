import Foundation
import Scenarios

/// A folder with files for one test, which goes with it.
final class TemporaryFolder: Sendable {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID().uuidString)/scenario")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path()
        for (name, content) in files { try write(Data(content.utf8), to: name) }
    }

    deinit {
        try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent())
    }

    func write(_ data: Data, to name: String) throws {
        let url = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    /// A scenario of the text, as if it stood in this folder.
    func read(_ text: String, environment: [String: String] = [:]) throws(ScenarioError) -> Scenario {
        try ScenarioReader(environment: environment).read(text: text, file: "\(path)/test.yaml")
    }

    /// What is wrong with the text.
    func problems(_ text: String) -> [Diagnostic] {
        do {
            return try read(text).warnings
        } catch {
            return error.diagnostics
        }
    }
}

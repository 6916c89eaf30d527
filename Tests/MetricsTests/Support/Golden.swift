import Foundation
import Testing

/// Files that outputs are compared with.
///
/// With `UPDATE_GOLDEN=1` in the environment they are written anew instead, and the test fails so that nobody takes that
/// for a pass.
enum Golden {
    static func expect(_ text: String, equals name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "Golden"
        )
        let file = folder.appending(path: name)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try? Data(text.utf8).write(to: file)
            Issue.record("Golden file \(name) was written anew.", sourceLocation: sourceLocation)
            return
        }
        guard let data = try? Data(contentsOf: file) else {
            Issue.record("There is no golden file \(name).", sourceLocation: sourceLocation)
            return
        }
        if name.hasSuffix(".json") {
            // How Foundation lays JSON out changes from version to version.
            let written = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
            let golden = try? JSONSerialization.jsonObject(with: data) as? NSDictionary
            #expect(written != nil && written == golden, "\(name)", sourceLocation: sourceLocation)
            return
        }
        let expected = String(decoding: data, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let expectedLines = expected.split(separator: "\n", omittingEmptySubsequences: false)
        for (line, expectedLine) in zip(lines, expectedLines) where line != expectedLine {
            #expect(line == expectedLine, sourceLocation: sourceLocation)
        }
        #expect(lines.count == expectedLines.count, sourceLocation: sourceLocation)
        #expect(text == expected, sourceLocation: sourceLocation)
    }
}

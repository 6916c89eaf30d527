import Foundation
import Metrics
import Testing

@testable import LoadRunner
@testable import Scenarios

@Suite("The folder of failed clients")
struct FailureFolderTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let results = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: results) }
        try FileManager.default.createDirectory(atPath: results, withIntermediateDirectories: true)
        try body("\(results)/failures")
    }

    private static func client(_ kind: String, place: Int, number: Int, slot: Int = 1) -> KeptClient {
        let tape = ClientTapeTests.tape()
        ClientTapeTests.receive("42[\"a\"]", on: tape, at: 2)
        tape.append(.error("\(kind) in `await x`: it did not come"), at: ClientTapeTests.time(3))
        return ClientTapeTests.client(tape.take(), kind: kind, place: place, number: number, slot: slot)
    }

    private static func names(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }

    @Test("is there with the first of them, whose file only its owner may read")
    func first() throws {
        try withFolder { directory in
            let folder = FailureFolder(directory: directory)
            #expect(!FileManager.default.fileExists(atPath: directory))
            folder.keep(Self.client("timeout", place: 0, number: 1))
            #expect(try Self.names(directory) == ["0001-timeout-client1.rec.jsonl"])
            let path = "\(directory)/0001-timeout-client1.rec.jsonl"
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let (recording, warnings) = try Recording.read(path: path)
            #expect(warnings.isEmpty)
            #expect(recording.entries.count == 3)
            #expect(folder.lines.map(\.path) == [path])
            #expect(folder.lines.map(\.example) == ["timeout in `await x`: it did not come"])
            #expect(folder.problems == [])
        }
    }

    @Test("At one place there is the latest, in whatever order they come")
    func replaced() throws {
        try withFolder { directory in
            let folder = FailureFolder(directory: directory)
            folder.keep(Self.client("timeout", place: 0, number: 1))
            folder.keep(Self.client("timeout", place: 1, number: 2, slot: 2))
            folder.keep(Self.client("reset", place: 1, number: 3, slot: 3))
            let names = try Self.names(directory)
            #expect(names == ["0001-timeout-client1.rec.jsonl", "0002-reset-client3.rec.jsonl"])
            // Another worker's, which was admitted before.
            folder.keep(Self.client("timeout", place: 1, number: 2, slot: 2))
            #expect(try Self.names(directory) == names)
            #expect(folder.lines.map(\.kind) == ["timeout", "reset"])
        }
    }

    @Test("What an earlier run has left goes, and nothing else")
    func stale() throws {
        try withFolder { directory in
            FailureFolder(directory: directory).keep(Self.client("timeout", place: 0, number: 1))
            _ = FailureFolder(directory: directory)
            #expect(!FileManager.default.fileExists(atPath: directory))
            FailureFolder(directory: directory).keep(Self.client("timeout", place: 0, number: 1))
            try Data().write(to: URL(filePath: "\(directory)/mine.rec.jsonl"))
            _ = FailureFolder(directory: directory)
            #expect(try Self.names(directory) == ["mine.rec.jsonl"])
        }
    }

    @Test("A folder that cannot be written is a problem in words")
    func unwritable() throws {
        try withFolder { directory in
            try Data().write(to: URL(filePath: directory))
            let folder = FailureFolder(directory: directory)
            folder.keep(Self.client("timeout", place: 0, number: 1))
            #expect(folder.problems.count == 1)
            #expect(folder.lines == [])
        }
    }
}

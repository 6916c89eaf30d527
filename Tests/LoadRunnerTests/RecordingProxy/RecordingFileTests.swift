import Foundation
import NIOCore
import Scenarios
import Synchronization
import Testing

@testable import LoadRunner

@Suite("The file of a recording")
struct RecordingFileTests {
    /// A path that nobody has, for the time of a closure.
    private func withPath(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID()).rec.jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test("is not written over unless that is wished")
    func overwriting() throws {
        try withPath { path in
            let file = try RecordingFile(path: path, replaces: false, limit: 100)
            file.append(ByteBuffer(string: "one\n"))
            #expect(throws: RecordingProxyError.self) { try RecordingFile(path: path, replaces: false, limit: 100) }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\n")
            _ = try RecordingFile(path: path, replaces: true, limit: 100)
            #expect(try Data(contentsOf: URL(filePath: path)).isEmpty)
        }
    }

    @Test("ends with a whole line where it has reached its size")
    func limit() throws {
        try withPath { path in
            let file = try RecordingFile(path: path, replaces: false, limit: 10)
            #expect(file.append(ByteBuffer(string: "12345\n")))
            #expect(!file.append(ByteBuffer(string: "1234\n")))
            // Nor what would still fit: there would be a gap.
            #expect(!file.append(ByteBuffer(string: "1\n")))
            #expect(file.end != nil)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "12345\n")
        }
    }

    @Test("A recorder that has reached its size says so once and goes on telling")
    func recorderLimit() throws {
        try withPath { path in
            let said = Mutex<[String]>([])
            let summary = Mutex<TrafficRecorder.Summary?>(nil)
            let recorder = TrafficRecorder(
                file: try RecordingFile(path: path, replaces: false, limit: 1200),
                target: ServerURL(isSecure: false, host: "x", port: 80),
                keepsSecrets: false,
                tellsEvents: true,
                tell: { line in said.withLock { $0.append(line) } },
                finished: { all in summary.withLock { $0 = all } }
            )
            for number in 1...50 {
                recorder.note(.failed("number \(number)"), on: 1, at: .now())
            }
            recorder.finish()
            let lines = said.withLock { $0 }
            #expect(lines.count == 51)
            #expect(lines.count { $0.contains("recording has stopped, and the proxy goes on") } == 1)
            #expect(summary.withLock { $0 }?.errors == 50)
            #expect(summary.withLock { $0 }?.problem != nil)
            let (recording, warnings) = try Recording.read(path: path)
            #expect(warnings.isEmpty)
            #expect((1..<50).contains(recording.entries.count))
        }
    }
}

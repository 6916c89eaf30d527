import Foundation
import Testing

@testable import Metrics

@Suite("A run that goes on")
struct RunningRunEndToEndTests {
    private let directory = NSTemporaryDirectory() + "running-\(UUID().uuidString)"

    private func write(_ name: String, _ text: String = "x", age: TimeInterval = 0) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let path = "\(directory)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
    }

    private func goesOn(_ patience: Duration = .seconds(60)) -> Bool {
        RunningRun(directory: directory, patience: patience).goesOn
    }

    @Test(
        "A timeline that is old, or none, or one beside a summary is none of a run that goes on, which is known at once"
    )
    func over() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(!goesOn())
        try write("timeline.csv", age: 61)
        #expect(!goesOn())
        try write("timeline.csv")
        try write("summary.json")
        #expect(!goesOn())
    }

    @Test("A timeline that was changed just now is over when nothing more comes", arguments: [0.0, -3600])
    func quiet(age: TimeInterval) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try write("timeline.csv", age: age)
        #expect(!goesOn(.milliseconds(150)))
    }

    @Test("A timeline that grows is of a run that goes on")
    func grows() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try write("timeline.csv")
        let path = "\(directory)/timeline.csv"
        let thread = Thread {
            while let file = FileHandle(forWritingAtPath: path) {
                _ = try? file.seekToEnd()
                try? file.write(contentsOf: Data("y".utf8))
                try? file.close()
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        thread.start()
        #expect(goesOn())
    }
}

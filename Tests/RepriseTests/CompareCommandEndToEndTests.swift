import ArgumentParser
import Foundation
import Metrics
import Testing

@testable import reprise

/// Folders of results on a disk, as the command reads them.
@Suite("Comparing folders of results", .serialized, .timeLimit(.minutes(1)))
struct CompareCommandEndToEndTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(UUID())").path

    /// Writes runs by name, in a folder that goes when the body is done.
    private func withRuns(_ runs: [String: WrittenRun], _ body: (_ place: (String) -> String) throws -> Void) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, run) in runs { try run.write(to: "\(folder)/\(name)") }
        try body { "\(folder)/\($0)" }
    }

    private func run(_ seed: UInt64, _ change: (inout WrittenRun) -> Void = { _ in }) -> WrittenRun {
        var run = WrittenRun()
        run.seed = seed
        change(&run)
        return run
    }

    /// The exit code.
    private func compare(_ arguments: [String]) throws -> Int32 {
        do {
            try CompareCommand.parse(arguments + ["--quiet"]).run()
            return 0
        } catch let code as ArgumentParser.ExitCode {
            return code.rawValue
        } catch {
            return CompareCommand.exitCode(for: error).rawValue
        }
    }

    private func expect(_ code: Int32, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws
    {
        let ended = try compare(arguments)
        #expect(ended == code, "\(arguments.joined(separator: " "))", sourceLocation: sourceLocation)
    }

    @Test("two equal runs end with 0, one that is 10 % slower with 99, and one that is faster with 0")
    func verdicts() throws {
        try withRuns(["a": run(1), "b": run(2), "slow": run(3) { $0.latency = 22 }]) { place in
            try expect(0, [place("a"), place("b")])
            try expect(99, [place("a"), place("slow")])
            try expect(0, [place("slow"), place("a")])
            try expect(0, [place("a"), place("slow"), "--tolerance", "15%"])
            try expect(0, [place("a"), place("slow"), "--metric", "messages.received"])
            try expect(99, [place("a"), place("slow"), "--metric", "join.p50"])
        }
    }

    @Test("several folders a side are compared together, and a page says what came of it")
    func several() throws {
        let runs = Dictionary(
            uniqueKeysWithValues: (1...6).map { number in
                ("run\(number)", run(UInt64(number)) { if number > 3 { $0.latency = 24 } })
            }
        )
        try withRuns(runs) { place in
            let page = place("page.html")
            let base = (1...3).map { place("run\($0)") }
            let new = (4...6).map { place("run\($0)") }
            try expect(99, ["--base"] + base + ["--new"] + new + ["--html", page])
            let html = try String(contentsOfFile: page, encoding: .utf8)
            #expect(html.contains("REGRESSION"))
            #expect(html.contains("◆ slower"))
            #expect(base.allSatisfy { html.contains($0) })
            #expect(!html.contains("one run:"))
        }
    }

    @Test("folders that cannot be compared end with 104")
    func refused() throws {
        let runs = [
            "a": run(1), "other": run(2) { $0.scenario = "other" }, "large": run(3) { $0.clients = 80 },
            "short": run(4) { $0.seconds = 20 }, "bare": run(5),
        ]
        try withRuns(runs) { place in
            for name in ["other", "large", "short", "nowhere"] {
                try expect(104, [place("a"), place(name)])
            }
            try FileManager.default.copyItem(atPath: place("a"), toPath: place("copy"))
            try expect(104, [place("a"), place("copy")])
            try FileManager.default.removeItem(atPath: place("bare") + "/latency.hlog")
            try expect(104, [place("a"), place("bare")])
        }
    }

    @Test("a run whose generator was the bottleneck is not to be trusted, and ends with 111")
    func distrusted() throws {
        try withRuns(["a": run(1), "late": run(2) { $0.lag = 30 }]) { place in
            try expect(111, [place("a"), place("late")])
        }
    }

    @Test(
        "wrong usage is refused before anything is read",
        arguments: [
            [], ["a"], ["a", "b", "c"], ["a", "a"], ["a", "./a"], ["a", "a/"], ["a", "./a/"], ["a", "b/../a//"], ["/tmp/a/", "/tmp/a"], ["a", "b", "--base", "c", "--new", "d"],
            ["--base", "a"],
            ["--base", "a", "b", "--new", "b"], ["a", "b", "--tolerance", "x"], ["a", "b", "--tolerance=-1%"],
            ["a", "b", "--confidence", "20%"], ["a", "b", "--confidence", "100%"], ["a", "b", "--html", ""],
        ]
    )
    func usage(arguments: [String]) {
        #expect(throws: (any Error).self) { try CompareCommand.parse(arguments) }
    }

    @Test("a metric that nobody measured is wrong usage")
    func unknownMetric() throws {
        try withRuns(["a": run(1), "b": run(2)]) { place in
            try expect(64, [place("a"), place("b"), "--metric", "jion"])
        }
    }

    @Test(
        "percentages are read with and without their sign",
        arguments: [
            ("5%", 0.05), ("5", 0.05), ("0.5 %", 0.005), ("12.5%", 0.125),
        ]
    )
    func percentages(text: String, part: Double) throws {
        let read = try #require(PercentArgument(argument: text))
        #expect(abs(read.part - part) < 1e-12)
        #expect(PercentArgument(argument: "a%") == nil)
        #expect(PercentArgument(argument: "inf") == nil)
    }
}

import Foundation
import Metrics
import Testing

@testable import reprise

@Suite("What is written for a person", .timeLimit(.minutes(1)))
struct ConsoleWriterTests {
    private func view(_ name: String) -> LiveView {
        let plan = LivePlan(
            scenario: "storm",
            target: "",
            seed: 1,
            version: "1",
            startEpochMilliseconds: 0,
            phases: [.init(name: name, seconds: 60)],
            seconds: 60
        )
        var view = LiveView(plan)
        let table = MetricTable(groups: [name, "other"])
        let recorder = Recorder(table: table, worker: 0)
        var collector = Collector(table: table, workers: 1, phaseNames: [name], startEpochMilliseconds: 0)
        let seconds = collector.add(
            recorder.takeSnapshot(second: 0, phase: 0, isWarmup: false, at: 1_000_000_000, activeClients: [1, 1])
        )
        view.add(
            LiveFigures(
                seconds[0],
                totals: collector.totals,
                plan: plan,
                main: MainMetrics(table: table, checks: []),
                redactor: Redactor()
            )
        )
        return view
    }

    @Test("holds up nobody where the terminal takes nothing, and shows only the latest view when it does")
    func paused() async throws {
        let (results, terminal) = (Pipe(), Pipe())
        let writer = ConsoleWriter(output: results.fileHandleForWriting, error: terminal.fileHandleForWriting)
        // More than any pipe keeps: from here on nothing is taken.
        writer.note(String(repeating: "x", count: 2 << 20) + "\n")
        for number in 0..<100 { writer.show(view("phase\(number)")) }
        for number in 0..<(ConsoleWriter.noteLimit + 5) { writer.note("note \(number)\n") }
        writer.print("the result\n")
        writer.settle(within: .milliseconds(1))
        #expect(writer.hasView)
        writer.endView()
        writer.show(view("last"))
        let read = Task.detached { try terminal.fileHandleForReading.readToEnd() }
        await writer.settled()
        try terminal.fileHandleForWriting.close()
        try results.fileHandleForWriting.close()
        let text = String(decoding: try await read.value ?? Data(), as: UTF8.self)
        #expect(text.contains("note 0\n") && text.contains("note \(ConsoleWriter.noteLimit - 10)\n"))
        #expect(text.contains("lines were left out") && !text.contains("note \(ConsoleWriter.noteLimit + 4)\n"))
        #expect(text.contains("last") && !text.contains("phase98"))
        #expect(try results.fileHandleForReading.readToEnd() == Data("the result\n".utf8))
    }

    @Test("stands above the live view, which goes at the end")
    func order() async throws {
        let terminal = Pipe()
        let writer = ConsoleWriter(output: terminal.fileHandleForWriting, error: terminal.fileHandleForWriting)
        writer.show(view("steady"))
        writer.settle()
        writer.note("a note\n")
        writer.settle()
        writer.resume()
        writer.settle()
        writer.endView()
        writer.print("the table\n")
        writer.settle()
        #expect(!writer.hasView)
        try terminal.fileHandleForWriting.close()
        let text = String(decoding: try terminal.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        let pieces = ["steady", "a note\n", "steady", "steady", "the table\n"]
        var rest = text[...]
        for piece in pieces {
            let range = try #require(rest.range(of: piece), "\(piece) in \(text)")
            rest = rest[range.upperBound...]
        }
        #expect(rest.isEmpty)
    }

    @Test("has no colours where the terminal has none or nobody wants them")
    func colours() {
        #expect(Console.usesColour(isTerminal: true, environment: ["TERM": "xterm"]))
        #expect(!Console.usesColour(isTerminal: false, environment: ["TERM": "xterm"]))
        #expect(!Console.usesColour(isTerminal: true, environment: ["TERM": "dumb"]))
        #expect(!Console.usesColour(isTerminal: true, environment: ["TERM": "xterm", "NO_COLOR": "1"]))
        #expect(Console.usesColour(isTerminal: true, environment: ["TERM": "xterm", "NO_COLOR": ""]))
    }
}

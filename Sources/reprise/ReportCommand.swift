import ArgumentParser
import Metrics

/// `reprise report`
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes the reports of runs again, also of one that was killed.",
        discussion: """
            Reads the folder that a run has written. Of a run that came to its end, the reports are made anew from \
            summary.json. Of one that did not, such as one that was killed, what it measured is added up from timeline.csv, \
            latency.hlog and loops.csv, the checks are evaluated over that, and summary.json is written with the verdict \
            that the run ended before its time. The same is done where summary.json is damaged. Of a run that goes on still \
            nothing is written; whether it does is seen within 2.5 seconds.

            Exit codes: 0 the reports are written, whatever the runs' own verdicts; 105 they are, and a run did not come \
            to its end, or its summary was damaged; 64 a folder holds no results that can be read, or its run goes on.
            """
    )

    @Argument(help: "The folders of results, such as results/leflux-20261121-172902.")
    var folders: [String]

    func run() throws {
        var codes: [Metrics.ExitCode] = []
        for folder in folders { codes.append(report(folder)) }
        let code = Metrics.ExitCode.deciding(codes)
        if code != .passed { throw ArgumentParser.ExitCode(code.rawValue) }
    }

    private func report(_ folder: String) -> Metrics.ExitCode {
        guard !RunningRun(directory: folder).goesOn else {
            Console.note(
                "error: the run in \(folder) goes on still and writes its reports at its end; nothing was written, "
                    + "ask again when it has ended"
            )
            return .wrongUsage
        }
        do {
            let rebuilt = try RunRebuilding(directory: folder)
            Console.print("\(rebuilt.summary.scenario): \(rebuilt.summary.verdict.text)")
            for path in rebuilt.written { Console.print("  \(path)") }
            for note in rebuilt.wasRebuilt ? rebuilt.summary.notes : [] { Console.note("note: \(note)") }
            for problem in rebuilt.problems where !(rebuilt.wasRebuilt && rebuilt.summary.notes.contains(problem)) {
                Console.note("warning: \(problem)")
            }
            return rebuilt.wasRebuilt ? .interrupted : .passed
        } catch {
            Console.note("error: \(error.message)")
            return .wrongUsage
        }
    }
}

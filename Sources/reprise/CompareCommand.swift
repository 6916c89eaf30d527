import ArgumentParser
import Foundation
import Metrics

/// `reprise compare`
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Says whether a new version is faster or slower, beyond the noise of the runs.",
        discussion: """
            Takes the results of runs of the same scenario and compares every latency (p50, p95, p99), the rates of failures \
            and the throughput of their steady phases. A difference counts where it is certain, corrected for the number of \
            figures, and larger than the tolerance. Several runs of each side, made in turn, tell more than one: \
            reprise compare --base a1 a2 a3 --new b1 b2 b3. See docs/compare.md.

            Exit codes: 0 no regression, 64 wrong usage, 99 a regression, 104 the folders cannot be compared or the runs are \
            too short, 111 the generator was the bottleneck of a run.
            """
    )

    @Argument(help: "The folder of the base's results, and that of the new version's.")
    var folders: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("The folders of the base, where there are several.", valueName: "dir")
    )
    var base: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("The folders of the new version, where there are several.", valueName: "dir")
    )
    var new: [String] = []

    @Option(help: ArgumentHelp("What is no difference yet, of the base.", valueName: "percent"))
    var tolerance = PercentArgument(part: 0.05)

    @Option(help: ArgumentHelp("How certain intervals and the verdict are.", valueName: "percent"))
    var confidence = PercentArgument(part: 0.95)

    @Option(
        name: .customLong("metric"),
        help: ArgumentHelp(
            "Compares this metric alone, as in join, join.p95 or visitor/join; may be given several times.",
            valueName: "name"
        )
    )
    var metrics: [String] = []

    @Option(help: ArgumentHelp("Writes a page with charts to this file.", valueName: "file"))
    var html: String?

    @Flag(help: "Prints the comparison as JSON to standard output, and the table to standard error.")
    var json = false

    @Flag(help: "Prints the verdict alone.")
    var quiet = false

    func validate() throws {
        if folders.isEmpty {
            if base.isEmpty || new.isEmpty {
                throw ValidationError("Name two folders, or several with --base and --new.")
            }
        } else if folders.count != 2 || !base.isEmpty || !new.isEmpty {
            throw ValidationError(
                "Name the base's folder and the new one's and nothing else; for several runs a side, all of them "
                    + "behind --base and --new."
            )
        }
        var seen: Set<String> = []
        for folder in sides.base + sides.new where !seen.insert(Self.place(folder)).inserted {
            throw ValidationError("'\(folder)' is named twice; a run is no second measurement of itself.")
        }
        if !(0..<10).contains(tolerance.part) { throw ValidationError("--tolerance must be from 0% to 999%.") }
        if !(0.5...0.9999).contains(confidence.part) {
            throw ValidationError("--confidence must be from 50% to 99.99%.")
        }
        if let html, html.isEmpty { throw ValidationError("--html needs the name of a file.") }
    }

    func run() throws {
        let runs = (base: try sides.base.map(read), new: try sides.new.map(read))
        let refusals = Comparability(base: runs.base, new: runs.new).refusals
        guard refusals.isEmpty else {
            for refusal in refusals { Console.note("error: \(refusal)") }
            throw ArgumentParser.ExitCode(Metrics.ExitCode.scenarioInvalid.rawValue)
        }
        let comparison = Comparison(
            base: runs.base,
            new: runs.new,
            settings: ComparisonSettings(tolerance: tolerance.part, confidence: confidence.part, metrics: metrics)
        )
        try refuseUnknownMetrics(comparison)
        try print(comparison)
        if let html { try writePage(comparison, to: html) }
        let code = comparison.exitCode
        if code != .passed { throw ArgumentParser.ExitCode(code.rawValue) }
    }

    // MARK: - Reading

    private var sides: (base: [String], new: [String]) {
        folders.count == 2 ? ([folders[0]], [folders[1]]) : (base, new)
    }

    private static func place(_ folder: String) -> String {
        let path = URL(filePath: folder).standardizedFileURL.resolvingSymlinksInPath().path(percentEncoded: false)
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    private func read(_ folder: String) throws -> ComparedRun {
        do {
            return try ComparedRun(directory: folder)
        } catch {
            Console.note("error: \(error.message)")
            throw ArgumentParser.ExitCode(Metrics.ExitCode.scenarioInvalid.rawValue)
        }
    }

    private func refuseUnknownMetrics(_ comparison: Comparison) throws {
        for metric in metrics where !comparison.knows(metric) {
            let nearest = comparison.nearestMetric(to: metric).map { "; did you mean `\($0)`?" } ?? ""
            throw ValidationError("--metric: neither side has measured `\(metric)` in its steady phases\(nearest)")
        }
    }

    // MARK: - Writing

    private func print(_ comparison: Comparison) throws {
        if json { Console.print(try ComparisonFile(comparison).text().trimmingCharacters(in: .newlines)) }
        let isTerminal = json ? Console.errorIsTerminal : Console.outputIsTerminal
        let table = ComparisonTable(comparison, usesColours: Console.usesColour(isTerminal: isTerminal))
        let text = quiet ? table.verdictLine : table.text
        if json { Console.note(text) } else { Console.print(text) }
    }

    private func writePage(_ comparison: Comparison, to file: String) throws {
        do {
            try Data(ComparisonPage(comparison).html.utf8).write(to: URL(filePath: file), options: .atomic)
        } catch {
            Console.note("error: cannot write '\(file)': \(error.localizedDescription)")
            throw ArgumentParser.ExitCode(Metrics.ExitCode.wrongUsage.rawValue)
        }
        if !quiet { Console.note("wrote \(file)") }
    }
}

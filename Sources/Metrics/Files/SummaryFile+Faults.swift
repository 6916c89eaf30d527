extension SummaryFile {
    /// A fault of the run's clock.
    package struct FaultLine: Codable, Sendable {
        package let kind: String
        package let text: String
        package let place: String
        /// Seconds of the run.
        package let begin: Double
        package let second: Int
        package let clients: Int
        /// Clients that were not over it when the run ended.
        package let unrecovered: Int
        /// When the last of the others was over it, or the command had ended.
        package let end: Double?
        package let command: Command?

        package struct Command: Codable, Sendable {
            package let exitCode: Int32?
            package let signal: Int32?
            package let endedWithRun: Bool
            package let leftProcesses: Bool
            /// Why it did not start.
            package let failure: String?
            package let output: String
            package let outputOmitted: Int
            package let outputEnd: String
        }
    }

    /// The run's two kinds of time, of clients that no fault has hit.
    package struct FaultSplit: Codable, Sendable {
        package struct Part: Codable, Sendable {
            package let seconds: Double
            package let metrics: [Metric]
        }
        package let calm: Part
        package let fault: Part
    }
}

extension SummaryFile.FaultLine {
    init(_ mark: FaultMark, redactor: Redactor) {
        kind = mark.kind.rawValue
        text = redactor.apply(mark.text)
        place = mark.place
        begin = SummaryFile.rounded(mark.begin)
        second = mark.second
        clients = mark.clients
        unrecovered = mark.unrecovered
        end = mark.end.map(SummaryFile.rounded)
        command = mark.command.map { Command($0, redactor: redactor) }
    }
}

extension SummaryFile.FaultLine.Command {
    init(_ outcome: CommandOutcome, redactor: Redactor) {
        exitCode = if case .exited(let code) = outcome.exit { code } else { nil }
        signal = if case .signalled(let signal) = outcome.exit { signal } else { nil }
        endedWithRun = outcome.exit == .endedWithRun
        leftProcesses = outcome.leftProcesses
        failure = if case .notStarted(let reason) = outcome.exit { redactor.apply(reason) } else { nil }
        output = redactor.apply(outcome.output)
        outputOmitted = outcome.outputOmitted
        outputEnd = redactor.apply(outcome.outputEnd)
    }
}

extension SummaryFile.FaultSplit {
    /// Nil where the run had one kind of time only.
    init?(_ totals: RunTotals) {
        guard let rows = FaultRows(totals) else { return nil }
        calm = Part(seconds: SummaryFile.rounded(rows.calmSeconds), metrics: rows.calm.map(SummaryFile.Metric.init))
        fault = Part(seconds: SummaryFile.rounded(rows.faultSeconds), metrics: rows.fault.map(SummaryFile.Metric.init))
    }
}

extension SummaryFile {
    /// A fault of the run's clock.
    struct FaultLine: Encodable {
        let kind: String
        let text: String
        let place: String
        /// Seconds of the run.
        let begin: Double
        let second: Int
        let clients: Int
        /// Clients that were not over it when the run ended.
        let unrecovered: Int
        /// When the last of the others was over it, or the command had ended.
        let end: Double?
        let command: Command?

        struct Command: Encodable {
            let exitCode: Int32?
            let signal: Int32?
            let endedWithRun: Bool
            let leftProcesses: Bool
            /// Why it did not start.
            let failure: String?
            let output: String
            let outputOmitted: Int
            let outputEnd: String
        }
    }

    /// The run's two kinds of time, of clients that no fault has hit.
    struct FaultSplit: Encodable {
        struct Part: Encodable {
            let seconds: Double
            let metrics: [Metric]
        }
        let calm: Part
        let fault: Part
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

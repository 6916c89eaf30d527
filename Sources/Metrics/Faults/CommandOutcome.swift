/// What became of a command that a scenario ran.
package struct CommandOutcome: Hashable, Sendable {
    package enum Exit: Hashable, Sendable {
        case exited(Int32)
        /// A signal ended it, which Reprise did not send.
        case signalled(Int32)
        /// It ran until the run was over, and was ended with it.
        case endedWithRun
        /// It did not start; the system's reason.
        case notStarted(String)
    }

    package var exit: Exit
    /// It left processes running, which were ended with the run.
    package var leftProcesses: Bool
    /// What it wrote first, on both streams: 4 KB at most, secrets taken out.
    package var output: String
    /// Bytes between that and `outputEnd`, which were not kept.
    package var outputOmitted: Int
    /// What it wrote last, where that is not in `output`.
    package var outputEnd: String

    package init(
        exit: Exit,
        leftProcesses: Bool = false,
        output: String = "",
        outputOmitted: Int = 0,
        outputEnd: String = ""
    ) {
        self.exit = exit
        self.leftProcesses = leftProcesses
        self.output = output
        self.outputOmitted = outputOmitted
        self.outputEnd = outputEnd
    }

    /// Whether it did what commands do that succeed, or what servers do.
    package var isSuccess: Bool {
        switch exit {
        case .exited(let code): code == 0
        case .endedWithRun: true
        case .signalled, .notStarted: false
        }
    }

    /// What became of it, in words: `exit code 1`.
    package var text: String {
        switch exit {
        case .exited(let code): "exit code \(code)"
        case .signalled(let signal): "ended by signal \(signal)"
        case .endedWithRun: "ended with the run"
        case .notStarted(let reason): "did not start: \(reason)"
        }
    }

    /// The last line that it wrote; nil where it wrote none.
    package var lastLine: String? {
        let text = outputEnd.isEmpty ? output : outputEnd
        let line = text.split(whereSeparator: \.isNewline).last { line in line.contains { !$0.isWhitespace } }
        return line.map { EscapedText.make(String($0), limit: 200) }
    }
}

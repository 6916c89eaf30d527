/// How a run ended, for those who watched it.
package struct LiveVerdict: Sendable {
    package let scenario: String
    package let passed: Bool
    package let exitCode: Int32
    /// One sentence.
    package let text: String
    package let seconds: Double
    package let checks: [CheckResult]

    package init(_ summary: RunSummary, redactor: Redactor) {
        scenario = summary.scenario
        passed = summary.exitCode == .passed
        exitCode = summary.exitCode.rawValue
        text = redactor.apply(summary.verdict)
        seconds = summary.seconds
        checks = summary.checks
    }

    /// Of a run that could not begin, or go on.
    ///
    /// - Parameter text: without what is secret.
    package init(failed scenario: String, exitCode: ExitCode, text: String) {
        self.scenario = scenario
        passed = false
        self.exitCode = exitCode.rawValue
        self.text = text
        seconds = 0
        checks = []
    }
}

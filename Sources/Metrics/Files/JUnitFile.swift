/// junit.xml: what CI servers read; a test case per check, and three for the run itself.
///
/// It holds to both schemas that servers check against, Apache Ant's (windyroad/JUnit-Schema) and the stricter parts of
/// Jenkins' (jenkinsci/xunit-plugin, junit-10.xsd): the order of the elements, no more than one outcome a case, times as
/// plain decimals, a timestamp without a zone.
struct JUnitFile {
    let summary: SummaryFile
    /// Nil where run.json cannot be read.
    let run: RunFile?

    /// What became of a test case.
    private enum Outcome {
        case passed
        case skipped(String)
        case failure(type: String, String)
        case error(type: String, String)
    }

    private struct Case {
        var name: String
        var outcome: Outcome
    }

    var text: String {
        let cases = summary.checks.map(check) + [target, generator, ending]
        let suite = [
            ("package", "reprise"), ("id", "0"), ("name", summary.scenario), ("timestamp", timestamp),
            ("hostname", run?.machine.host ?? "localhost"), ("tests", String(cases.count)),
            ("failures", String(cases.count { if case .failure = $0.outcome { true } else { false } })),
            ("errors", String(cases.count { if case .error = $0.outcome { true } else { false } })),
            ("skipped", String(cases.count { if case .skipped = $0.outcome { true } else { false } })),
            ("time", ValueText.fixed(summary.seconds, 3)),
        ]
        var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#, "<testsuites>"]
        lines.append("  \(XMLText.tag("testsuite", suite))")
        lines.append("    <properties>")
        lines += properties.map { "      \(XMLText.tag("property", [("name", $0), ("value", $1)], isEmpty: true))" }
        lines.append("    </properties>")
        lines += cases.flatMap(element)
        lines.append("    <system-out>\(XMLText.content(output))</system-out>")
        lines.append(
            "    <system-err>\(XMLText.content(summary.generator.warnings.joined(separator: "\n")))</system-err>"
        )
        return (lines + ["  </testsuite>", "</testsuites>", ""]).joined(separator: "\n")
    }

    /// Without fraction and zone, as Ant's schema has it: UTC.
    private var timestamp: String { String(summary.startedAt.prefix(19)) }

    private var output: String { ([summary.verdict.text] + summary.notes).joined(separator: "\n") }

    private var properties: [(String, String)] {
        var properties = [("scenario", summary.scenario), ("target", summary.target)]
        if let run { properties.append(("seed", String(run.seed))) }
        properties += [("verdict", summary.verdict.text), ("exitCode", String(summary.verdict.exitCode))]
        if let version = run?.versions["reprise"] { properties.append(("reprise", version)) }
        return properties
    }

    // MARK: - Cases

    private func check(_ line: SummaryFile.CheckLine) -> Case {
        let outcome: Outcome
        switch CheckResult.Outcome(rawValue: line.outcome) {
        case .passed: outcome = .passed
        case .noData where line.optional: outcome = .skipped(line.text)
        case .noData where line.text == "no data":
            outcome = .failure(type: "no data", "no data: nothing was measured that the check could read")
        case .noData: outcome = .failure(type: "no data", line.text)
        case .failed, nil: outcome = .failure(type: "check", "it was \(line.text)")
        }
        return Case(name: line.check, outcome: outcome)
    }

    private var target: Case {
        let isReached = summary.verdict.exitCode != ExitCode.targetNeverReached.rawValue
        return Case(
            name: "target",
            outcome: isReached ? .passed : .error(type: "target", "the target was never reached: \(summary.target)")
        )
    }

    private var generator: Case {
        let reasons = summary.generator.reasons.joined(separator: " ")
        return Case(
            name: "generator",
            outcome: summary.generator.bottleneck
                ? .error(
                    type: "generator",
                    "the generator was the bottleneck, the figures are not to be trusted: \(reasons)"
                ) : .passed
        )
    }

    /// Whether the run came to its end; a check that ended it has failed, even where its value has recovered since.
    private var ending: Case {
        let isCheckFailed = summary.verdict.exitCode == ExitCode.checkFailed.rawValue
        let hasFailure = summary.checks.contains { line in
            line.outcome == CheckResult.Outcome.failed.rawValue
                || line.outcome == CheckResult.Outcome.noData.rawValue && !line.optional
        }
        switch summary.verdict.exitCode {
        case ExitCode.interrupted.rawValue:
            return Case(name: "run", outcome: .error(type: "run", summary.verdict.text))
        case _ where isCheckFailed && !hasFailure:
            return Case(name: "run", outcome: .failure(type: "check", summary.verdict.text))
        default: return Case(name: "run", outcome: .passed)
        }
    }

    private func element(_ testCase: Case) -> [String] {
        let attributes = [("classname", summary.scenario), ("name", testCase.name), ("time", "0.000")]
        let outcome: (name: String, attributes: [(String, String)], message: String)
        switch testCase.outcome {
        case .passed: return ["    \(XMLText.tag("testcase", attributes, isEmpty: true))"]
        case .skipped(let message): outcome = ("skipped", [("message", message)], message)
        case .failure(let type, let message): outcome = ("failure", [("type", type), ("message", message)], message)
        case .error(let type, let message): outcome = ("error", [("type", type), ("message", message)], message)
        }
        return [
            "    \(XMLText.tag("testcase", attributes))",
            "      \(XMLText.tag(outcome.name, outcome.attributes))\(XMLText.content(outcome.message))</\(outcome.name)>",
            "    </testcase>",
        ]
    }
}

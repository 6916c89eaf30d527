import LoadRunner
import Metrics
import Scenarios

/// What `reprise minimize` has to say of its result, in the file and on the terminal.
struct MinimizeDescription {
    let result: Minimizer.Result
    /// The path of the file that was cut down.
    let source: String
    let checks: [String]

    private var name: String { source.split(separator: "/").last.map(String.init) ?? source }

    /// For `description:`.
    var sentence: String {
        "What is left of \(name) that fails \(checks.joined(separator: " and ")), by reprise minimize."
    }

    /// For the top of the file.
    var comments: [String] {
        let (before, after) = (ScenarioSize(result.source), ScenarioSize(result.best))
        let seen = result.failure.findings.map { "`\($0.check)` is \($0.actual)" }.joined(separator: ", ")
        let proof =
            switch result.ending {
            case .minimal: "No single step and no single value can go without losing the failure."
            case .interrupted: "It was interrupted: more may be left out."
            case .trialsUsedUp: "It ended with --max-trials: more may be left out."
            case .unreachable: "It ended since the target was not reached any more: more may be left out."
            }
        return [
            "Cut down from \(name) by reprise minimize, against \(result.source.target).",
            "It fails: \(seen).",
            "\(Self.count(before.steps, "step")) and \(Self.count(before.values, "value")) became "
                + "\(after.steps) and \(after.values) in \(Self.count(result.trials, "trial")). \(proof)",
        ]
    }

    /// Before and after, side by side.
    func table(recorded: Trial?) -> String {
        let (before, after) = (ScenarioSize(result.source), ScenarioSize(result.best))
        let end = recorded?.verdict == .failed ? recorded ?? result.failure : result.failure
        let rows = [
            ("", "before", "after"),
            ("steps", "\(before.steps)", "\(after.steps)"),
            ("values", "\(before.values)", "\(after.values)"),
            ("messages", "\(result.whole.messages)", "\(end.messages)"),
            ("time to fail", Self.time(result.whole.seconds), Self.time(result.failure.seconds)),
        ]
        var lines = rows.map { name, before, after in
            name.padding(to: 14) + String(repeating: " ", count: max(0, 10 - before.count)) + before
                + String(repeating: " ", count: max(0, 10 - after.count)) + after
        }
        lines.append("\(Self.count(result.trials, "trial")), \(Self.count(result.runs, "run"))")
        if let recorded {
            let seen = recorded.findings.map { "`\($0.check)` is \($0.actual)" }.joined(separator: ", ")
            lines.append(
                recorded.verdict == .failed
                    ? "run once more, recorded, it fails: \(seen)"
                    : "warning: run once more, recorded, it did not fail: \(seen); it seems to fail only now and then (--trials)"
            )
        }
        return lines.joined(separator: "\n")
    }

    static func count(_ count: Int, _ what: String) -> String { "\(count) \(what)\(count == 1 ? "" : "s")" }

    static func time(_ seconds: Double) -> String { ValueText.time(microseconds: seconds * 1e6) }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}

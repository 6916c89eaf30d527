import LoadRunner
import Metrics
import Scenarios

/// What `reprise minimize` says while it tries: a line that changes on a terminal, and one for each trial that left
/// something out.
struct MinimizeProgress {
    let isQuiet: Bool
    private let isLive: Bool

    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        isLive = !isQuiet && Console.errorIsTerminal
    }

    func start(_ tree: ScenarioTree, checks: [String]) {
        guard !isQuiet else { return }
        let size = ScenarioSize(tree)
        let failing = checks.map { "`\($0)`" }.joined(separator: " and ")
        Console.note("cutting down \(Self.text(size)), as long as \(failing) fails, against \(tree.target)")
        if isLive { Console.raw("trial 1 · the whole") }
    }

    func tell(_ news: Minimizer.News) {
        guard !isQuiet else { return }
        switch news {
        case .wholeHeld(let trial, let whole, let next):
            note("\(whole.what) it does not fail (\(Self.seen(trial))); now \(next.what)")
        case .begun(_, let trial):
            note("trial 1 · the whole fails after \(MinimizeDescription.time(trial.seconds)) (\(Self.seen(trial)))")
        case .tried(let number, let trial, let size, let isSmaller):
            let verdict = trial.verdict == .failed ? "fails" : "holds"
            let line =
                "trial \(number) · \(Self.text(size)) left · \(verdict) after \(MinimizeDescription.time(trial.seconds))"
            if isSmaller {
                note(line)
            } else if isLive {
                Console.raw("\r\u{1B}[K\(line)")
            }
        }
    }

    /// Takes the line that changes away.
    func clear() {
        if isLive { Console.raw("\r\u{1B}[K") }
    }

    private func note(_ line: String) {
        Console.note(isLive ? "\r\u{1B}[K\(line)" : line)
    }

    private static func seen(_ trial: Trial) -> String {
        trial.findings.map { "\($0.check): \($0.actual)" }.joined(separator: ", ")
    }

    private static func text(_ size: ScenarioSize) -> String {
        "\(MinimizeDescription.count(size.steps, "step")), \(MinimizeDescription.count(size.values, "value"))"
    }
}

/// The checks of a run that did not come to its end, evaluated over what is left of it.
///
/// One of which it is not known whether it holds has no data; one that this version does not understand has failed: neither may
/// look as if it held.
struct RebuiltChecks {
    let written: [RunFile.ParsedCheck]
    let totals: RebuiltTotals

    /// In the order of the file.
    var results: [CheckResult] {
        written.map { written in
            guard let check = written.check else { return Self.notUnderstood(written) }
            guard let reason = unknown(check) else { return check.evaluate(over: totals.totals) }
            return CheckResult(check: check, outcome: .noData, actual: nil, text: "not known: \(reason)")
        }
    }

    /// Why the files do not say what a check reads; nil where they do.
    private func unknown(_ check: Check) -> String? {
        if check.metric == "generator.stalled" { return "it stands in no file of a run without its end" }
        guard check.kind == .count || check.kind == .ratio, check.metric != "clients.active" else { return nil }
        if let phase = check.phase {
            guard totals.dividedPhases.contains(phase) else { return nil }
            return "the phase begins or ends within a second"
        }
        return totals.hasDividedWarmup ? "the warmup ends within a second" : nil
    }

    private static func notUnderstood(_ written: RunFile.ParsedCheck) -> CheckResult {
        let check = Check(
            text: written.text,
            group: written.group,
            phase: written.phase,
            time: nil,
            metric: written.metric,
            kind: .count,
            statistic: nil,
            comparison: Check.Comparison(rawValue: written.comparison) ?? .equal,
            threshold: written.threshold,
            isOptional: written.optional,
            aborts: written.aborts,
            after: .zero
        )
        return CheckResult(
            check: check,
            outcome: .failed,
            actual: nil,
            text: "cannot be evaluated: another version of Reprise wrote it down"
        )
    }
}

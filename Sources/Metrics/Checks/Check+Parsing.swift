extension Check {
    /// Reads a check.
    ///
    /// - Parameters:
    ///   - text: such as `visitor/answer.first_chunk.p99 < 1s`.
    ///   - names: what the scenario declares; unknown names are errors with what was probably meant.
    package static func parse(
        _ text: String,
        isOptional: Bool = false,
        aborts: Bool = false,
        after: Duration = .zero,
        names: CheckNames
    ) throws(CheckSyntaxError) -> Check {
        var reader = CheckReader(text: text, names: names)
        let parts = try reader.read()
        return Check(
            text: parts.text,
            group: parts.group,
            phase: parts.phase,
            time: parts.time,
            metric: parts.metric,
            kind: parts.kind,
            statistic: parts.statistic,
            comparison: parts.comparison,
            threshold: parts.threshold,
            isOptional: isOptional,
            aborts: aborts,
            after: after
        )
    }
}

extension ClosingTable {
    private static let eventColumns = 28
    private static let countColumns = 9
    private static let timeColumns = 9
    private static let rowLimit = 20

    /// Of a replay: what the server did otherwise than in the recording.
    var deviationLines: [String] {
        guard summary.totals.table.replay != nil else { return [] }
        let rows = DeviationRow.rows(of: summary.totals)
        let counts = ["expected", "came", "missing", "extra", "order", "slower"]
        var lines = [
            title(
                TerminalText.left("compared with the recording", Self.eventColumns)
                    + counts.map { TerminalText.right($0, Self.countColumns) }.joined()
                    + TerminalText.right("then p50", Self.timeColumns) + TerminalText.right("now p50", Self.timeColumns)
            )
        ]
        let shown = Self.mostDeviating(rows)
        lines += shown.map(line)
        if shown.count < rows.count { lines.append("  … and \(rows.count - shown.count) more in deviations.csv") }
        var parts = [summary.deviationText]
        let unknown = (summary.totals.count("replay.extra") ?? 0) - rows.reduce(0) { $0 + $1[.extra] }
        if unknown > 0 { parts.append("\(ValueText.grouped(unknown)) events that the recording has not") }
        for deviation in Deviation.allCases where !deviation.isServers {
            let count = summary.totals.count("replay.\(deviation.name)") ?? 0
            if count > 0 { parts.append("\(ValueText.grouped(count)) \(deviation.name) (\(deviation.meaning))") }
        }
        return lines + TerminalText.wrapped("  " + parts.joined(separator: " · "), indent: 4)
    }

    /// As many as one can look at, in their order.
    private static func mostDeviating(_ rows: [DeviationRow]) -> [DeviationRow] {
        guard rows.count > rowLimit else { return rows }
        let sums = rows.map { $0.deviations.reduce(0, +) }
        let order = rows.indices.sorted { (sums[$1], $0) < (sums[$0], $1) }
        return order.prefix(rowLimit).sorted().map { rows[$0] }
    }

    private func line(_ row: DeviationRow) -> String {
        let counts = [row.expected, row.came] + row.deviations
        let times = [row.recordedMedian, row.median].map { $0.map { ValueText.time(microseconds: $0) } ?? "" }
        return "  " + TerminalText.left(redactor.apply(row.event), Self.eventColumns - 2)
            + counts.enumerated().map { place, count in
                let text = place > 1 && count == 0 ? "–" : ValueText.grouped(count)
                return TerminalText.right(text, Self.countColumns)
            }.joined()
            + times.map { TerminalText.right($0, Self.timeColumns) }.joined()
    }
}

/// deviations.csv: of a replay, a row for each kind of what the server does, over all clients.
struct DeviationsFile {
    static let header =
        "event,recorded,expected,came,missing,extra,reordered,slower,recorded_p50,p50,recorded_max,max\r\n"

    let summary: RunSummary
    let redactor: Redactor

    /// Times from the cause, in milliseconds with three decimals; nil where the run was no replay.
    var text: String? {
        let rows = DeviationRow.rows(of: summary.totals)
        guard summary.totals.table.replay != nil else { return nil }
        return Self.header
            + rows.map { deviation in
                var row = CSVRow()
                row.add(redactor.apply(deviation.event))
                row.add(deviation.recorded)
                row.add(deviation.expected)
                row.add(deviation.came)
                for count in deviation.deviations { row.add(count) }
                for time in [deviation.recordedMedian, deviation.median, deviation.recordedMax, deviation.max] {
                    row.add(time.map { $0 / 1000 })
                }
                return row.terminated()
            }.joined()
    }
}

/// deviations.csv: of a replay, a row for each kind of what the server does, over all clients.
struct DeviationsFile {
    static let header =
        "event,recorded,expected,came,missing,extra,reordered,slower,recorded_p50,p50,recorded_max,max\r\n"

    let summary: SummaryFile

    /// Times from the cause, in milliseconds with three decimals; nil where the run was no replay.
    var text: String? {
        summary.deviations.map { Self.header + $0.map(row).joined() }
    }

    private func row(_ deviation: SummaryFile.DeviationLine) -> String {
        var row = CSVRow()
        row.add(deviation.event)
        row.add(deviation.recorded)
        row.add(deviation.expected)
        row.add(deviation.came)
        for count in [deviation.missing, deviation.extra, deviation.reordered, deviation.slower] { row.add(count) }
        for time in [deviation.recordedP50, deviation.p50, deviation.recordedMax, deviation.max] { row.add(time) }
        return row.terminated()
    }
}

/// errors.csv: a row per group and kind of error, at the end of the run.
struct ErrorsFile {
    static let header = "group,kind,count,first_second,example\r\n"

    let summary: RunSummary
    let redactor: Redactor

    /// Per group, then under `all`; there the first second and the example are those of the group that was first.
    var text: String {
        let table = summary.totals.table
        let errors = summary.totals.overall.errors
        var text = Self.header
        for (index, group) in table.groups.enumerated() where group != "all" {
            for error in errors where error.group == index { text += row(group, error) }
        }
        for error in ErrorTotal.merged(errors) { text += row("all", error) }
        return text
    }

    private func row(_ group: String, _ error: ErrorTotal) -> String {
        var row = CSVRow()
        row.add(group)
        row.add(error.kind)
        row.add(error.count)
        row.add(error.firstSecond)
        row.add(redactor.apply(error.example))
        return row.terminated()
    }
}

/// errors.csv: a row per group and kind of error, at the end of the run.
struct ErrorsFile {
    static let header = "group,kind,count,first_second,example\r\n"

    let summary: SummaryFile

    /// Per group, then under `all`; there the first second and the example are those of the group that was first.
    var text: String {
        var text = Self.header
        for group in summary.groups where group != "all" {
            for error in summary.errors where error.group == group { text += row(group, error, count: error.count) }
        }
        // They come sorted by kind.
        var rest = summary.errors[...]
        while let kind = rest.first?.kind {
            let ofKind = rest.prefix { $0.kind == kind }
            rest = rest.dropFirst(ofKind.count)
            guard let first = ofKind.min(by: { $0.firstSecond < $1.firstSecond }) else { continue }
            text += row("all", first, count: ofKind.reduce(0) { $0 &+ $1.count })
        }
        return text
    }

    private func row(_ group: String, _ error: SummaryFile.ErrorLine, count: Int) -> String {
        var row = CSVRow()
        row.add(group)
        row.add(error.kind)
        row.add(count)
        row.add(error.firstSecond)
        row.add(error.example)
        return row.terminated()
    }
}

/// counters.csv: a row per group and counter, at the end of the run.
struct CountersFile {
    static let header = "group,counter,count,rate\r\n"

    let summary: RunSummary
    let redactor: Redactor

    /// All counters, also those that never moved; of `clients.active` the most at once, without a rate.
    var text: String {
        let totals = summary.totals.overall
        let measured = MeasuredRows(table: summary.totals.table, totals: totals)
        var text = Self.header
        let counters = measured.counters
        for group in measured.groups {
            var row = CSVRow()
            row.add(group.name)
            row.add("clients.active")
            row.add(totals.peakClients(group: group.index))
            row.addBlank()
            text += row.terminated()
            for counter in counters where counter.group == group.name {
                var row = CSVRow()
                row.add(counter.group)
                row.add(redactor.apply(counter.counter))
                row.add(counter.count)
                row.add(counter.rate)
                text += row.terminated()
            }
        }
        return text
    }
}

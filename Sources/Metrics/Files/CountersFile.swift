/// counters.csv: a row per group and counter, at the end of the run.
struct CountersFile {
    static let header = "group,counter,count,rate\r\n"

    let summary: SummaryFile

    /// All counters, also those that never moved; of `clients.active` the most at once, without a rate.
    var text: String {
        var byGroup: [String: [SummaryFile.Counter]] = [:]
        for counter in summary.counters { byGroup[counter.group, default: []].append(counter) }
        return Self.header + summary.groups.flatMap { byGroup[$0] ?? [] }.map(row).joined()
    }

    private func row(_ counter: SummaryFile.Counter) -> String {
        var row = CSVRow()
        row.add(counter.group)
        row.add(counter.counter)
        row.add(counter.count)
        row.add(counter.rate)
        return row.terminated()
    }
}

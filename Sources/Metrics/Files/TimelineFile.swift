/// timeline.csv: a row per second, group and metric that moved.
struct TimelineFile {
    static let header = "second,epoch_ms,phase,group,metric,count,rate,p50,p95,p99,max\r\n"

    let table: MetricTable
    let redactor: Redactor

    /// The rows of one second.
    ///
    /// Distributions with samples in it, faults, counters that moved, and always `clients.active`, whose count is the number
    /// at the end of the second. `rate` is per second of the time that was measured in it, which the last second of a
    /// run may not fill.
    func rows(of second: TimelineSecond) -> String {
        let measured = MeasuredRows(table: table, totals: second.totals)
        var text = ""
        for group in measured.groups {
            let active = group.index.map { second.activeClients[$0] } ?? second.activeClients.reduce(0, +)
            var row = start(second, group.name, "clients.active")
            row.add(active)
            for _ in 0..<5 { row.addBlank() }
            text += row.terminated()
        }
        text += faultRows(of: second)
        for counter in measured.counters where counter.count != 0 {
            var row = start(second, counter.group, redactor.apply(counter: counter.counter, of: table.register))
            row.add(counter.count)
            row.add(counter.rate)
            for _ in 0..<4 { row.addBlank() }
            text += row.terminated()
        }
        for distribution in measured.distributions {
            var row = start(second, distribution.group, distribution.metric)
            row.add(distribution.count)
            row.add(distribution.rate)
            for percentile in [50.0, 95, 99] {
                row.add(distribution.value(at: percentile), unit: distribution.unit)
            }
            row.add(distribution.max, unit: distribution.unit)
            text += row.terminated()
        }
        text += scrapedRows(of: second)
        return text
    }

    /// `scrape:SERIES`: of a counter that moved its increase and rate, of a gauge or a mean that is news its value.
    private func scrapedRows(of second: TimelineSecond) -> String {
        var text = ""
        for scraped in second.scraped where scraped.isNews {
            var row = start(second, "all", redactor.apply("scrape:\(scraped.series)"))
            row.add(scraped: scraped.kind == .counter ? scraped.value : nil)
            row.add(scraped: scraped.rate)
            for _ in 0..<3 { row.addBlank() }
            row.add(scraped: scraped.kind == .counter ? nil : scraped.value)
            text += row.terminated()
        }
        return text
    }

    /// `fault`: the faults of the run's clock that began in the second, with the clients that they hit; `fault.on`: the
    /// milliseconds in which one was on, and their part of the second.
    private func faultRows(of second: TimelineSecond) -> String {
        var text = ""
        if !second.faults.isEmpty {
            var row = start(second, "all", "fault")
            row.add(second.faults.reduce(0) { $0 &+ $1.clients })
            for _ in 0..<5 { row.addBlank() }
            text += row.terminated()
        }
        if second.faultSeconds > 0 {
            var row = start(second, "all", "fault.on")
            row.add(Int((second.faultSeconds * 1000).rounded()))
            row.add(second.totals.seconds > 0 ? min(second.faultSeconds / second.totals.seconds, 1) : nil)
            for _ in 0..<4 { row.addBlank() }
            text += row.terminated()
        }
        return text
    }

    private func start(_ second: TimelineSecond, _ group: String, _ metric: String) -> CSVRow {
        var row = CSVRow()
        row.add(second.second)
        row.add(Int(second.epochMilliseconds))
        row.add(second.phase)
        row.add(group)
        row.add(metric)
        return row
    }
}

/// All that was counted, of all groups together.
struct CountsSection {
    let figures: ReportFigures

    var html: HTMLText {
        let counters = figures.counters.filter { $0.count != 0 }
        guard !counters.isEmpty else { return "" }
        var table = HTMLTable("Counts", [.text("counter"), .number("count"), .number("per second")])
        for counter in counters.prefix(400) {
            let rate = counter.rate.map { HTMLText(ValueText.number($0)) } ?? ""
            table.add([HTMLText.metric(counter.counter), ReportText.count(counter.count), rate])
        }
        return "<details><summary>All counts that are not 0 (\(counters.count))</summary>\n\(table.html)</details>\n"
    }
}

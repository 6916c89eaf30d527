/// Which metrics of times a person wants to see first: those that checks read, then the scenario's own, then connects, then
/// acknowledgements by their events, which mostly have a name of the scenario's besides.
package struct MainMetrics: Sendable {
    /// So many are shown where room is scarce.
    package static let limit = 5

    /// The rows of the table that hold times, without `NAME.service`, in the order in which they are shown.
    let rows: [Int]
    /// Those that are candidates for the first places; the others follow.
    let candidates: Int

    package init(table: MetricTable, checks: [Check]) {
        let register = table.register
        let times = register.rows.indices.filter { register.rows[$0].unit == .milliseconds }
        let names = Set(register.rows.map(\.name))
        let shown = times.filter { !register.rows[$0].name.hasSuffix(".service") }
        let connect = table.fixed.connect.latency?.scheduled.row
        let checked = checks.compactMap { check in check.kind == .time ? register.row(named: check.metric) : nil }
        let causes = shown.filter { $0 != connect && names.contains("\(register.rows[$0].name).service") }
        var order: [Int] = []
        let isAcknowledgement = { (row: Int) in register.rows[row].name.hasPrefix("ack.") }
        let own = causes.filter { !isAcknowledgement($0) }
        for row in checked + own + [connect].compactMap({ $0 }) + causes.filter(isAcknowledgement)
        where !order.contains(row) { order.append(row) }
        candidates = order.count
        rows = order + shown.filter { !order.contains($0) }
    }
}

/// What became of one kind of what the server does, over all clients of a replay.
struct DeviationRow {
    let event: String
    /// How often in the recording.
    let recorded: Int
    /// How often it should have come, to all clients that played the recording to its end.
    let expected: Int
    let came: Int
    /// In the order of `Deviation`, those of the server's.
    let deviations: [Int]

    subscript(deviation: Deviation) -> Int {
        deviations.indices.contains(deviation.rawValue) ? deviations[deviation.rawValue] : 0
    }

    /// From its causes, in the recording and now, in microseconds.
    let recordedMedian: Double?
    let median: Double?
    let recordedMax: Double?
    let max: Double?

    /// A row for each kind, in the order of the recording; none where the run was no replay.
    static func rows(of totals: RunTotals) -> [DeviationRow] {
        (totals.table.replay?.events ?? []).map { DeviationRow($0, totals) }
    }

    private init(_ event: ReplayMetrics.Event, _ totals: RunTotals) {
        self.event = event.name
        recorded = event.recordedCount
        expected = totals.count("\(event.name).count") ?? 0
        let deviations = Deviation.allCases.filter(\.isServers).map { totals.count("\(event.name).\($0.name)") ?? 0 }
        self.deviations = deviations
        came = expected - (totals.count("\(event.name).failed") ?? 0) + deviations[Deviation.extra.rawValue]
        recordedMedian = event.recordedPercentile(50).map(Double.init)
        recordedMax = event.recorded.last.map(Double.init)
        let histogram = totals.histogram("\(event.name).service")
        let isMeasured = histogram.map { !$0.isEmpty } ?? false
        median = isMeasured ? histogram.map { Double($0.percentile(50)) } : nil
        max = isMeasured ? histogram.map { Double($0.max) } : nil
    }
}

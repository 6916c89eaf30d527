extension SummaryFile {
    /// A row of deviations.csv; times in milliseconds.
    struct DeviationLine: Encodable {
        let event: String
        let recorded: Int
        let expected: Int
        let came: Int
        let missing: Int
        let extra: Int
        let reordered: Int
        let slower: Int
        let recordedP50: Double?
        let p50: Double?
        let recordedMax: Double?
        let max: Double?

        init(_ row: DeviationRow, redactor: Redactor) {
            func milliseconds(_ microseconds: Double?) -> Double? {
                microseconds.map { SummaryFile.rounded($0 / 1000) }
            }
            event = redactor.apply(row.event)
            recorded = row.recorded
            expected = row.expected
            came = row.came
            missing = row[.missing]
            extra = row[.extra]
            reordered = row[.reordered]
            slower = row[.slower]
            recordedP50 = milliseconds(row.recordedMedian)
            p50 = milliseconds(row.median)
            recordedMax = milliseconds(row.recordedMax)
            max = milliseconds(row.max)
        }
    }
}

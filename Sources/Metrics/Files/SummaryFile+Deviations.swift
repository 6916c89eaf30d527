extension SummaryFile {
    /// A row of deviations.csv; times in milliseconds.
    package struct DeviationLine: Codable, Sendable {
        package let event: String
        package let recorded: Int
        package let expected: Int
        package let came: Int
        package let missing: Int
        package let extra: Int
        package let reordered: Int
        package let slower: Int
        package let recordedP50: Double?
        package let p50: Double?
        package let recordedMax: Double?
        package let max: Double?

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

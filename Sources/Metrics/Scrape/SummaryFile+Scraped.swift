extension SummaryFile {
    /// A series of the server's own metrics.
    package struct ScrapedLine: Codable, Sendable {
        package let series: String
        /// `counter`, `gauge`, or `mean` of what a histogram or summary observed.
        package let kind: String
        package let readings: Int
        /// Of a counter its increase per second.
        package let min: Double
        package let mean: Double
        package let max: Double
        package let last: Double
        /// Of a counter: by how much it grew after the warmup.
        package let increase: Double?
    }
}

extension SummaryFile.ScrapedLine {
    init(_ figure: ScrapedFigures.Figure, redactor: Redactor) {
        series = redactor.apply(figure.series)
        kind = figure.kind.rawValue
        readings = figure.readings
        min = ScrapedText.rounded(figure.min)
        mean = ScrapedText.rounded(figure.mean)
        max = ScrapedText.rounded(figure.max)
        last = ScrapedText.rounded(figure.last)
        increase = figure.kind == .counter ? ScrapedText.rounded(figure.increase) : nil
    }
}

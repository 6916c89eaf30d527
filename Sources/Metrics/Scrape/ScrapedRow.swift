/// What one reading of a server's metrics says of one series.
package struct ScrapedRow: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case counter, gauge
        /// The mean of what a histogram or a summary observed since the reading before.
        case mean
    }

    /// `NAME{label="value"}`, the labels by name.
    package let series: String
    package let kind: Kind
    /// A counter's increase since the reading before, a gauge's value, a mean; nil of a gauge that the server shows no more.
    package private(set) var value: Double?
    /// Since the reading before; 0 of gauges.
    package private(set) var seconds: Double
    /// Of a mean: how many observations it is of.
    package private(set) var weight: Double
    /// Whether it says something that the readings before did not.
    package private(set) var isNews: Bool

    init(series: String, kind: Kind, value: Double?, seconds: Double = 0, weight: Double = 0, isNews: Bool) {
        self.series = series
        self.kind = kind
        self.value = value
        self.seconds = seconds
        self.weight = weight
        self.isNews = isNews
    }

    /// Increase per second; nil of what is no counter.
    var rate: Double? {
        guard kind == .counter, seconds > 0, let value else { return nil }
        return value / seconds
    }

    /// Adds a later reading of the same series.
    mutating func add(_ later: ScrapedRow) {
        switch kind {
        case .counter:
            value = (value ?? 0) + (later.value ?? 0)
        case .gauge:
            value = later.value
        case .mean:
            let both = weight + later.weight
            value = both > 0 ? ((value ?? 0) * weight + (later.value ?? 0) * later.weight) / both : later.value
            weight = both
        }
        seconds += later.seconds
        isNews = isNews || later.isNews
    }

    /// Readings of one second as one, where there were several.
    package static func merged(_ readings: [[ScrapedRow]]) -> [ScrapedRow] {
        guard readings.count > 1 else { return readings.first ?? [] }
        var rows: [ScrapedRow] = []
        var places: [String: Int] = [:]
        for row in readings.joined() {
            if let place = places[row.series] {
                rows[place].add(row)
            } else {
                places[row.series] = rows.count
                rows.append(row)
            }
        }
        return rows
    }
}

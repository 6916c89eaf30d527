/// What a run's readings of servers' metrics come to.
package struct ScrapedFigures: Sendable {
    /// One series.
    package struct Figure: Hashable, Sendable {
        package let series: String
        package let kind: ScrapedRow.Kind
        /// How many readings there were.
        package fileprivate(set) var readings = 0
        /// Of a gauge's values and of means; of a counter's increase per second.
        package fileprivate(set) var min = Double.infinity
        package fileprivate(set) var max = -Double.infinity
        /// The last value; of a counter its rate.
        package fileprivate(set) var last = 0.0
        /// Of a counter: by how much it grew in all.
        package fileprivate(set) var increase = 0.0
        fileprivate var sum = 0.0
        fileprivate var weight = 0.0

        package var mean: Double { weight > 0 ? sum / weight : 0 }

        fileprivate init(series: String, kind: ScrapedRow.Kind) {
            self.series = series
            self.kind = kind
        }

        fileprivate mutating func add(_ row: ScrapedRow) {
            guard let value = kind == .counter ? row.rate : row.value else { return }
            readings += 1
            // The last reading may come soon after the one before: a moment is no measure of a rate.
            if kind != .counter || row.seconds >= 0.5 || readings == 1 {
                min = Swift.min(min, value)
                max = Swift.max(max, value)
                last = value
            }
            switch kind {
            case .counter:
                increase += row.value ?? 0
                sum += row.value ?? 0
                weight += row.seconds
            case .gauge:
                sum += value
                weight += 1
            case .mean:
                sum += value * row.weight
                weight += row.weight
            }
        }
    }

    private var figures: [Figure] = []
    private var places: [String: Int] = [:]

    package init() {}

    /// Adds what was read in a second, unless that belongs to the warmup.
    package mutating func add(_ rows: [ScrapedRow], isWarmup: Bool) {
        guard !isWarmup else { return }
        for row in rows {
            let place =
                places[row.series]
                ?? {
                    places[row.series] = figures.count
                    figures.append(Figure(series: row.series, kind: row.kind))
                    return figures.count - 1
                }()
            figures[place].add(row)
        }
    }

    /// All series in the order in which they came, without counters that never moved.
    package var all: [Figure] {
        figures.filter { $0.readings > 0 && ($0.kind != .counter || $0.increase != 0) }
    }
}

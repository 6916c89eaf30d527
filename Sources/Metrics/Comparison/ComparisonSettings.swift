/// How two sides are compared.
package struct ComparisonSettings: Sendable, Hashable {
    /// What is no difference, as a part of the base.
    package var tolerance: Double
    /// Of the intervals, and of the verdict as a whole.
    package var confidence: Double
    /// Metrics that are compared, and no others: `join`, `join.p95`, `visitor/join`; empty for all.
    package var metrics: [String]
    /// How often the blocks of a side are drawn.
    package var draws: Int
    package var seed: UInt64

    package init(
        tolerance: Double = 0.05,
        confidence: Double = 0.95,
        metrics: [String] = [],
        draws: Int = 2000,
        seed: UInt64 = 1
    ) {
        self.tolerance = tolerance
        self.confidence = confidence
        self.metrics = metrics
        self.draws = draws
        self.seed = seed
    }

    /// Whether a figure was asked for by name; true for none where nothing was named.
    func names(group: String, metric: String, statistic: ComparedFigure.Statistic) -> Bool {
        metrics.contains { wanted in
            var name = wanted[...]
            var wantedGroup = "all"
            if let slash = name.firstIndex(of: "/") {
                wantedGroup = String(name[..<slash])
                name = name[name.index(after: slash)...]
            }
            return wantedGroup == group && (name == metric || name == "\(metric).\(statistic.rawValue)")
        }
    }
}

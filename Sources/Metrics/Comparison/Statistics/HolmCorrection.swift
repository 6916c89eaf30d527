/// Many tests at once, so that all of them together are wrong no more often than one alone may be.
///
/// Holm's step-down method (Holm 1979): it needs no assumption about how the tests depend on one another, and never says
/// less than Bonferroni's. The p50 and the p95 of one metric depend on one another a great deal.
enum HolmCorrection {
    /// The p-values as they have to be held against the one level of all, in the same order.
    static func adjusted(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var adjusted = [Double](repeating: 1, count: values.count)
        var highest = 0.0
        for (rank, index) in order.enumerated() {
            highest = max(highest, min(Double(values.count - rank) * values[index], 1))
            adjusted[index] = highest
        }
        return adjusted
    }
}

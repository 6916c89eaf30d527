/// The difference of two rates of failures.
///
/// Two things have to agree. The blocks: failures come in bursts, and one bad second is no property of a version. And
/// the operations: one failure in each of three blocks is as even as can be, and still only three. So the larger p-value
/// counts, that of the blocks' difference or that of Fisher's exact test, and the interval is never shorter than that of
/// operations that fail independently.
enum RateDifference {
    static func difference(
        _ first: SideEstimate,
        _ second: SideEstimate,
        _ base: (failed: Int, all: Int),
        _ new: (failed: Int, all: Int),
        confidence: Double
    ) -> Difference {
        let byBlocks = Difference(
            differenceOf: second,
            to: first,
            confidence: confidence,
            least: (leastVariance(base), leastVariance(new))
        )
        return Difference(
            value: byBlocks.value,
            low: max(byBlocks.low, -1),
            high: min(byBlocks.high, 1),
            pValue: max(byBlocks.pValue, ExactRateTest.pValue(base, new))
        )
    }

    /// Of a rate of independent failures; one failure and one success are added, so that it is never nothing
    /// (Laplace's estimate).
    private static func leastVariance(_ counts: (failed: Int, all: Int)) -> Double {
        let all = Double(counts.all)
        let rate = (Double(counts.failed) + 1) / (all + 2)
        return rate * (1 - rate) / max(all, 1)
    }
}

extension ComparedFigure {
    /// Says what the figure shows, once the correction for many is known.
    ///
    /// A difference counts where it is certain and where it is large: the corrected p-value says that there is one at all,
    /// and the whole interval of the figure lies beyond the tolerance. An interval that only leaves out 0 would let through
    /// every small change of a machine that is measured long enough.
    mutating func judge(tolerance: Double, confidence: Double) {
        guard isJudged, let difference else { return }
        verdict = .noDifference
        let allowed = statistic == .ratio ? tolerance * base.value : tolerance
        guard difference.isBeyond(allowed), let correctedPValue else { return }
        guard correctedPValue <= 1 - confidence else {
            isDoubtful = true
            return
        }
        if unit == .milliseconds, abs(new.value - base.value) < leastDifference {
            isWithinLag = true
            reason = "less than the generator's own lag may have done, \(ValueText.time(microseconds: leastDifference))"
            return
        }
        let isMore = difference.value > 0
        switch (statistic, direction) {
        case (.ratio, _): verdict = isMore ? .moreFailures : .fewerFailures
        case (_, .higherIsBetter): verdict = isMore ? .faster : .slower
        default: verdict = isMore ? .slower : .faster
        }
    }
}

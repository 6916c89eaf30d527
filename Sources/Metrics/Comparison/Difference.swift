import Foundation

/// By how much a figure of the new side differs from that of the base, with an interval and a p-value.
///
/// The estimates' difference over its standard error follows Student's t, with degrees of freedom after Welch and
/// Satterthwaite: with three to six blocks a side the bootstrap's own percentiles make intervals far too short (they took
/// a difference for real in 13 to 43 % of equal pairs, where 5 % were promised; docs/compare.md).
package struct Difference: Sendable, Hashable {
    /// Relative to the base: 0.1 for 10 % more; or the difference itself where it is compared as such.
    package let value: Double
    package let low: Double
    package let high: Double
    /// Of no difference at all, two-sided, before the correction for many figures.
    package let pValue: Double

    /// Compares by ratio: the variances are those of logarithms.
    ///
    /// - Parameters:
    ///   - resolution: What a value may be off by, relative to itself, because of how it is stored.
    ///   - least: The least variance of each side that is believed.
    init(
        ratioOf new: SideEstimate,
        to base: SideEstimate,
        confidence: Double,
        resolution: Double = 0,
        least: (base: Double, new: Double) = (0, 0)
    ) {
        let base = base.withVariance(atLeast: least.base)
        let new = new.withVariance(atLeast: least.new)
        let change = log(new.value / base.value)
        let spread = Spread(base, new, more: resolution * resolution / 6)
        let width = spread.width(confidence)
        value = expm1(change)
        low = expm1(change - width)
        high = expm1(change + width)
        pValue = spread.pValue(change)
    }

    /// Compares by difference.
    ///
    /// - Parameter least: The least variance of each side that is believed.
    init(differenceOf new: SideEstimate, to base: SideEstimate, confidence: Double, least: (base: Double, new: Double))
    {
        let base = base.withVariance(atLeast: least.base)
        let new = new.withVariance(atLeast: least.new)
        let spread = Spread(base, new, more: 0)
        let width = spread.width(confidence)
        value = new.value - base.value
        low = value - width
        high = value + width
        pValue = spread.pValue(value)
    }

    init(value: Double, low: Double, high: Double, pValue: Double) {
        self.value = value
        self.low = low
        self.high = high
        self.pValue = pValue
    }

    /// Whether the whole interval lies beyond this to one side of 0.
    func isBeyond(_ tolerance: Double) -> Bool {
        low > tolerance || high < -tolerance
    }
}

/// The standard error of a difference, and the distribution that it makes.
private struct Spread {
    let error: Double
    let distribution: StudentDistribution

    init(_ base: SideEstimate, _ new: SideEstimate, more: Double) {
        let variance = base.variance + new.variance
        error = (variance + more).squareRoot()
        let most = base.degrees + new.degrees
        let denominator =
            base.variance * base.variance / base.degrees + new.variance * new.variance / new.degrees
        distribution = StudentDistribution(
            degrees: denominator > 0 && denominator.isFinite ? min(variance * variance / denominator, most) : most
        )
    }

    func width(_ confidence: Double) -> Double {
        error * distribution.twoSidedQuantile(1 - confidence)
    }

    func pValue(_ difference: Double) -> Double {
        if difference == 0 { return 1 }
        return distribution.twoSidedTail(difference / error)
    }
}

extension SideEstimate {
    fileprivate func withVariance(atLeast least: Double) -> SideEstimate {
        variance >= least
            ? self
            : SideEstimate(value: value, variance: least, degrees: degrees, samples: samples, variesByRun: variesByRun)
    }
}

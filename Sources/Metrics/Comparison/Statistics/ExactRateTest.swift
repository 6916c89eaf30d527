import Foundation

/// Fisher's exact test of two rates: how often so many failures fall to one of two sides by chance alone.
///
/// It takes every operation for a throw of its own. Failures that come in bursts are none, so that the blocks have to
/// agree as well (`RateDifference`).
enum ExactRateTest {
    /// The two-sided p-value: twice that of the smaller tail.
    ///
    /// - Parameters: No more failures than there are of all, and not negative.
    static func pValue(_ first: (failed: Int, all: Int), _ second: (failed: Int, all: Int)) -> Double {
        let failed = first.failed + second.failed
        guard first.all > 0, second.all > 0, failed > 0, failed < first.all + second.all else { return 1 }
        if let spread = Self.largeSpread(first.all, second.all, failed: failed) {
            let mean = Double(failed) * Double(first.all) / Double(first.all + second.all)
            return erfc(abs(Double(first.failed) - mean) / spread / 2.0.squareRoot())
        }
        let low = max(0, failed - second.all)
        let high = min(failed, first.all)
        let observed = first.failed
        func logProbability(_ count: Int) -> Double {
            logChoose(first.all, count) + logChoose(second.all, failed - count)
                - logChoose(first.all + second.all, failed)
        }
        // All the terms beyond are smaller still.
        guard logProbability(observed) > -700 else { return 0 }
        func tail(from start: Int, to end: Int, by step: Int) -> Double {
            var sum = 0.0
            for count in stride(from: start, through: end, by: step) {
                let term = exp(logProbability(count))
                sum += term
                // Away from the observed count the terms fall, once past the mode, faster than a geometric series.
                if term < sum * 1e-14, count != start, isPastMode(count, step) { break }
            }
            return sum
        }
        func isPastMode(_ count: Int, _ step: Int) -> Bool {
            let mean = Double(failed) * Double(first.all) / Double(first.all + second.all)
            return step > 0 ? Double(count) > mean : Double(count) < mean
        }
        let below = tail(from: observed, to: low, by: -1)
        let above = tail(from: observed, to: high, by: 1)
        return min(2 * min(below, above), 1)
    }

    /// The standard deviation of the first side's failures, where it is so large that the normal distribution is as good
    /// and the sum would have more terms than anybody waits for.
    private static func largeSpread(_ first: Int, _ second: Int, failed: Int) -> Double? {
        let all = Double(first) + Double(second)
        let part = Double(failed) / all
        let variance = Double(first) * (Double(second) / all) * part * (1 - part)
        return variance > 1e6 ? variance.squareRoot() : nil
    }

    private static func logChoose(_ all: Int, _ chosen: Int) -> Double {
        StudentDistribution.logGamma(Double(all + 1)) - StudentDistribution.logGamma(Double(chosen + 1))
            - StudentDistribution.logGamma(Double(all - chosen + 1))
    }
}

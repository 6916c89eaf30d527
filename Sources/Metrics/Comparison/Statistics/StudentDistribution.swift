import Foundation

/// Student's t distribution, also of fractional degrees of freedom.
///
/// What a difference is held against whose variance was estimated from few values: three to six blocks are few.
struct StudentDistribution: Sendable {
    /// At least 1.
    let degrees: Double

    init(degrees: Double) {
        self.degrees = degrees >= 1 ? degrees : 1
    }

    /// How probable a value is that lies at least as far from 0 as this one, to either side.
    func twoSidedTail(_ value: Double) -> Double {
        guard value.isFinite else { return value.isNaN ? 1 : 0 }
        return Self.incompleteBeta(degrees / (degrees + value * value), degrees / 2, 0.5)
    }

    /// The value beyond which, to both sides together, this probability lies; in 0 ..< 1 exclusive.
    func twoSidedQuantile(_ tail: Double) -> Double {
        guard tail > 0, tail < 1 else { return tail >= 1 ? 0 : .infinity }
        var low = 0.0
        var high = 1.0
        while twoSidedTail(high) > tail, high < 1e12 { (low, high) = (high, high * 2) }
        for _ in 0..<200 where high - low > 1e-12 * high {
            let middle = (low + high) / 2
            if twoSidedTail(middle) > tail { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    // MARK: - Special functions

    /// The regularized incomplete beta function, by its continued fraction (Lentz' method; Numerical Recipes 6.4).
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = exp(a * log(x) + b * log(1 - x) + logGamma(a + b) - logGamma(a) - logGamma(b))
        // The fraction converges fast on this side of the mean only; the other is its mirror image.
        return x < (a + 1) / (a + b + 2)
            ? front * continuedFraction(x, a, b) / a : 1 - front * continuedFraction(1 - x, b, a) / b
    }

    private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var result = d
        for step in 1...1000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / away(1 + even * d)
            c = away(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / away(1 + odd * d)
            c = away(1 + odd / c)
            result *= d * c
            if abs(d * c - 1) < 1e-15 { break }
        }
        return result
    }

    /// The logarithm of the gamma function of a positive number (Lanczos' approximation, g = 7, nine terms).
    static func logGamma(_ x: Double) -> Double {
        if x < 0.5 { return log(Double.pi / sin(Double.pi * x)) - logGamma(1 - x) }
        var sum = 0.999_999_999_999_809_93
        for (index, coefficient) in coefficients.enumerated() { sum += coefficient / (x + Double(index)) }
        let t = x + 6.5
        return 0.5 * log(2 * Double.pi) + (x - 0.5) * log(t) - t + log(sum)
    }

    private static let coefficients = [
        676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_13, -176.615_029_162_140_59,
        12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6, 1.505_632_735_149_311_6e-7,
    ]
}

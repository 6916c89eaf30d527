extension Histogram {
    /// The value at each of these percentiles (0 to 100, in any order), in one pass over the touched places; 0s where
    /// there are no samples.
    package func percentiles(_ percentiles: [Double]) -> [Int] {
        var values = [Int](repeating: 0, count: percentiles.count)
        guard let touched else { return values }
        let order = percentiles.indices.sorted { percentiles[$0] < percentiles[$1] }
        var next = 0
        var counted: UInt64 = 0
        for index in touched where next < order.count {
            let here = places[index]
            if here == 0 { continue }
            counted &+= here
            while next < order.count, rank(of: percentiles[order[next]]) <= counted {
                values[order[next]] = value(at: percentiles[order[next]], index: index)
                next += 1
            }
        }
        return values
    }

    /// The value at one percentile.
    package func percentile(_ percentile: Double) -> Int {
        percentiles([percentile])[0]
    }

    /// Whether there are enough samples for this percentile to say something: at least 1 / (1 - p).
    package func carries(_ percentile: Double) -> Bool {
        guard count > 0 else { return false }
        // 100 / (100 - 99.9) is a little more than 1000 in binary; the tolerance is far below one sample.
        return percentile >= 100 || Double(count) * (100 - percentile) >= 100 - 1e-6
    }

    /// Which sample, in ascending order and counted from 1, a percentile asks for.
    ///
    /// As HdrHistogram does it: one step of the floating-point number down before rounding up, so that 50 % of two
    /// samples is the first one.
    private func rank(of percentile: Double) -> UInt64 {
        let requested = Swift.min(Swift.max(percentile.nextDown, 0), 100)
        return Swift.max(1, UInt64((requested * Double(count) / 100).rounded(.up)))
    }

    private func value(at percentile: Double, index: Int) -> Int {
        if percentile <= 0 { return min }
        return Swift.max(Swift.min(HistogramLayout.highestEquivalent(at: index), max), min)
    }
}

import Foundation

/// The samples of one metric on one side, cut into blocks, such that the percentile of any mixture of blocks is found fast.
///
/// Only the places of the histogram that hold a sample are kept, each with every block's samples up to it. A percentile of
/// a mixture is then a search by halves over the places, at some ten sums over the blocks, where pooling whole histograms
/// would be thousands of additions. Between the bounds of a place it is interpolated: a figure that moves in steps would
/// hide how blocks differ.
struct BlockedHistograms: Sendable {
    let blocks: Int
    /// Ascending.
    private let places: [Int]
    /// Row by row of the places: the samples of each block up to and including the place.
    private let cumulative: [Double]
    let counts: [Int]

    init(_ histograms: [Histogram]) {
        blocks = histograms.count
        counts = histograms.map(\.count)
        let filled = histograms.map { histogram -> [(place: Int, count: UInt64)] in
            guard let touched = histogram.touched else { return [] }
            let offset = histogram.places.offset
            return histogram.places.counts.withUnsafeBufferPointer { counts in
                touched.compactMap { counts[$0 - offset] == 0 ? nil : ($0, counts[$0 - offset]) }
            }
        }
        let places = Set(filled.joined().map(\.place)).sorted()
        var cumulative = [Double](repeating: 0, count: places.count * histograms.count)
        for (block, filled) in filled.enumerated() {
            var sum: UInt64 = 0
            var next = 0
            for row in places.indices {
                if next < filled.count, filled[next].place == places[row] {
                    sum += filled[next].count
                    next += 1
                }
                cumulative[row * histograms.count + block] = Double(sum)
            }
        }
        self.places = places
        self.cumulative = cumulative
    }

    /// Samples of all blocks.
    var total: Int { counts.reduce(0, +) }

    /// The percentile of all blocks together, in the unit of the histograms; nil where there are no samples.
    ///
    /// - Parameter weights: How much each block counts; all the same where nil.
    func percentile(_ percentile: Double, weights: [Double]? = nil) -> Double? {
        percentiles(percentile, weights ?? Array(repeating: 1, count: blocks), draws: 1)?[0]
    }

    /// By how many samples each block has more up to a value than its share of the percentile.
    ///
    /// The sum of all blocks is 0 where the value is the percentile; how a block deviates says what it does to it.
    func excess(upTo value: Double, of percentile: Double) -> [Double] {
        guard let last = places.indices.last else { return Array(repeating: 0, count: blocks) }
        let index = HistogramLayout.index(of: Int(min(max(value, 0), Double(HistogramLayout.highest))))
        let row = places.firstIndex { $0 >= index } ?? last
        // Half of those on the place itself lie below, more or less.
        return (0..<blocks).map { block in
            let upTo = cumulative[row * blocks + block]
            let below = row > 0 ? cumulative[(row - 1) * blocks + block] : 0
            return (upTo + below) / 2 - percentile / 100 * Double(counts[block])
        }
    }

    /// The percentile of each draw of a resampling; nil where there are no samples.
    func percentiles(_ percentile: Double, _ resampling: Resampling) -> [Double]? {
        percentiles(percentile, resampling.weights, draws: resampling.draws)
    }

    /// How wide the place is on which a value falls, in the unit of the histograms.
    static func resolution(at value: Double) -> Double {
        let index = HistogramLayout.index(of: Int(min(max(value, 0), Double(HistogramLayout.highest))))
        return Double(HistogramLayout.highestEquivalent(at: index) - HistogramLayout.lowestEquivalent(at: index) + 1)
    }

    private func percentiles(_ percentile: Double, _ weights: [Double], draws: Int) -> [Double]? {
        guard let last = places.indices.last, blocks > 0 else { return nil }
        let part = percentile / 100
        var values: [Double] = []
        values.reserveCapacity(draws)
        weights.withUnsafeBufferPointer { weights in
            cumulative.withUnsafeBufferPointer { cumulative in
                for draw in 0..<draws {
                    let row = draw * blocks
                    func upTo(_ place: Int) -> Double {
                        let start = place * blocks
                        var sum = 0.0
                        for block in 0..<blocks { sum += weights[row + block] * cumulative[start + block] }
                        return sum
                    }
                    // A draw of blocks without samples has no percentile; it takes no part.
                    let all = upTo(last)
                    guard all > 0 else { continue }
                    let wanted = part * all
                    var low = 0
                    var high = last
                    while low < high {
                        let middle = (low + high) / 2
                        if upTo(middle) >= wanted { high = middle } else { low = middle + 1 }
                    }
                    let below = low > 0 ? upTo(low - 1) : 0
                    values.append(value(in: low, at: (wanted - below) / max(upTo(low) - below, 1e-300)))
                }
            }
        }
        return values.isEmpty ? nil : values
    }

    private func value(in row: Int, at part: Double) -> Double {
        let lowest = Double(HistogramLayout.lowestEquivalent(at: places[row]))
        let width = Double(HistogramLayout.highestEquivalent(at: places[row])) + 1 - lowest
        // Values are rounded to whole units: those of a place of one unit lie half a unit to either side of it.
        let start = width == 1 ? lowest - 0.5 : lowest
        return max(start + width * min(max(part, 0), 1), 0.5)
    }
}

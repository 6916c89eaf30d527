import Foundation
import Scenarios

/// The arrivals of an open phase as a Poisson process whose intensity is the phase's rate.
///
/// Drawn on the integral of the rate, where the gaps are exponential with mean 1, so that a rising rate needs nothing more.
/// Every worker draws the whole sequence from the same seed and takes its own arrivals out of it: that costs a logarithm
/// per arrival, and no worker has to ask another.
struct PoissonArrivals {
    private let total: Double
    private var random: ClientRandom
    private var sum = 0.0
    /// How many have been drawn.
    private(set) var count = 0

    /// - Parameters:
    ///   - total: The integral of the rate over the phase.
    ///   - phase: The phase's place: each has a sequence of its own.
    init(total: Double, seed: UInt64, phase: Int) {
        self.total = total
        random = ClientRandom(seed: seed, slot: phase, generation: 0, stream: 2)
    }

    /// The next arrival: its number, and the value of the integral at which it comes; nil behind the phase's end.
    mutating func next() -> (index: Int, integral: Double)? {
        sum -= log(1 - random.fraction())
        guard sum < total else { return nil }
        defer { count += 1 }
        return (count, sum)
    }
}

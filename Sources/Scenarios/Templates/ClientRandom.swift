import Foundation

/// The random numbers of one client: a function of the seed, the slot and the generation alone.
///
/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): eight bytes of
/// state, no allocation. Streams with different numbers share no values, so that what one part of a client draws
/// does not move what another part gets.
package struct ClientRandom: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    /// - Parameters:
    ///   - seed: The seed of the run.
    ///   - slot: The place of the client in the load.
    ///   - generation: How many clients had the slot before.
    ///   - stream: What the numbers are for; any number.
    package init(seed: UInt64, slot: Int, generation: Int, stream: UInt64) {
        var state = Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)
        state = Self.mixed(state ^ UInt64(truncatingIfNeeded: slot) &* 0xD6E8_FEB8_6659_FD93)
        state = Self.mixed(state &+ UInt64(truncatingIfNeeded: generation) &* 0xA076_1D64_78BD_642F &+ 1)
        self.state = Self.mixed(state ^ (stream &* 0xE703_7ED1_A0B4_28DB &+ 2))
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// A whole number between the bounds, both included; the lower bound where they are the wrong way round.
    package mutating func integer(from lower: Int, through upper: Int) -> Int {
        guard lower < upper else { return lower }
        let width = UInt64(bitPattern: Int64(upper &- lower)) &+ 1
        guard width != 0 else { return Int(truncatingIfNeeded: next()) }
        // Lemire's multiplication: a bias of at most width / 2^64.
        return lower &+ Int(truncatingIfNeeded: next().multipliedFullWidth(by: width).high)
    }

    /// A number from 0 to 1, 1 excluded.
    package mutating func fraction() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A delay drawn as the scenario says.
    package mutating func delay(_ delay: Delay) -> Duration {
        switch delay {
        case .range(let range): return self.delay(in: range)
        case .exponential(let mean):
            // The inverse of the distribution function; `fraction()` is never 1.
            return .nanoseconds(Int64(mean.inSeconds * 1e9 * min(10, -log(1 - fraction()))))
        }
    }

    /// A delay drawn evenly from the range, to the nanosecond.
    package mutating func delay(in range: DelayRange) -> Duration {
        let width = range.upper - range.lower
        guard width > .zero else { return range.lower }
        let (seconds, attoseconds) = width.components
        let nanoseconds = Int(seconds) &* 1_000_000_000 &+ Int(attoseconds / 1_000_000_000)
        return range.lower + .nanoseconds(integer(from: 0, through: nanoseconds))
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

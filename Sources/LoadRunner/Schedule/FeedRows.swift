import Scenarios
import Wire

/// Which row of a feed each client gets: a function of the seed, the slot and the generation alone.
///
/// Clients are numbered through, generation after generation; where a load has both models, those that arrive have
/// the odd numbers. A slot whose clients live longer than those of others leaves numbers, and rows, unused; none is ever
/// used twice before all numbers below it had their turn.
struct FeedRows {
    let name: String
    var columns: [String] { feed.columns }
    private let feed: Feed
    private let closedSlots: Int
    private let hasArrivals: Bool
    private let seed: UInt64

    init(_ feed: Feed, load: Load, seed: UInt64) {
        name = feed.name
        self.feed = feed
        self.seed = seed
        closedSlots = load.phases.reduce(0) { peak, phase in
            if case .clients(let from, let to) = phase.model { max(peak, from, to) } else { peak }
        }
        hasArrivals = load.phases.contains { if case .arrivals = $0.model { true } else { false } }
    }

    /// The client's row; nil where the feed has none left.
    func row(slot: Int, generation: Int) -> [JSONValue]? {
        guard !feed.rows.isEmpty else { return nil }
        let number = number(ofSlot: slot, generation)
        switch feed.order {
        case .sequential: return feed.rows[number % feed.rows.count]
        case .unique: return number < feed.rows.count ? feed.rows[number] : nil
        case .shuffle:
            let (pass, place) = number.quotientAndRemainder(dividingBy: feed.rows.count)
            return feed.rows[shuffled(place, pass: pass)]
        }
    }

    private func number(ofSlot slot: Int, _ generation: Int) -> Int {
        if slot >= closedSlots {
            let arrival = slot - closedSlots
            return closedSlots == 0 ? arrival : arrival * 2 + 1
        }
        let number = generation * closedSlots + slot
        return hasArrivals ? number * 2 : number
    }

    /// Another place below the number of rows: each pass through the rows is a permutation of its own.
    ///
    /// A Feistel network over the next even number of bits, walked until it lands below the number of rows (Black and
    /// Rogaway, "Ciphers with Arbitrary Finite Domains", 2002): no list of places is kept.
    private func shuffled(_ place: Int, pass: Int) -> Int {
        let count = feed.rows.count
        guard count > 1 else { return 0 }
        let half = UInt64((Int.bitWidth - (count - 1).leadingZeroBitCount + 1) / 2)
        let mask = (UInt64(1) << half) - 1
        var value = UInt64(place)
        repeat {
            var (left, right) = (value >> half, value & mask)
            for round in 0..<6 {
                let key = seed &+ UInt64(pass) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(round) &* 0xD6E8_FEB8_6659_FD93
                (left, right) = (right, left ^ (Self.mixed(right ^ key) & mask))
            }
            value = left << half | right
        } while value >= UInt64(count)
        return Int(value)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

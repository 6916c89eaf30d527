/// A generator of random numbers that a failing test can be repeated with (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &self) < percent
    }
}

extension SeededGenerator {
    /// A copy with one to four bytes changed, removed, doubled or put in.
    mutating func mutate(_ bytes: [UInt8], alphabet: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            let fresh =
                chance(80) ? alphabet.randomElement(using: &self) ?? 0 : UInt8.random(in: 0...255, using: &self)
            guard let place = bytes.indices.randomElement(using: &self) else {
                bytes.append(fresh)
                continue
            }
            switch Int.random(in: 0..<5, using: &self) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(fresh, at: place)
            case 2: bytes.removeSubrange(place...)
            case 3: bytes.insert(contentsOf: bytes[place...].prefix(8), at: place)
            default: bytes[place] = fresh
            }
        }
        return bytes
    }
}

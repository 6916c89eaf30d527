/// Ids as servers make them.
enum Identifier {
    /// A random UUID as RFC 9562 section 5.4 lays it out.
    static func uuid(_ random: inout SplitMix64) -> String {
        let high = (random.next() & ~0xF000) | 0x4000
        let low = (random.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        let digits = Array(hexadecimal(high) + hexadecimal(low))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }
}

/// Masking keys and nonces from a xorshift generator, so that a run with the same seed sends the same bytes.
///
/// RFC 6455 wants keys that a script in a browser cannot predict; a load generator has no such script.
package struct MaskKeySource: Hashable, Sendable {
    private var state: UInt64

    /// Every seed is fine: it is mixed first (splitmix64), so that neighbouring seeds give unlike keys.
    package init(seed: UInt64) {
        var mixed = seed &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed &>> 31
        // Zero is the one state that xorshift never leaves.
        state = mixed == 0 ? 0x9E37_79B9_7F4A_7C15 : mixed
    }

    /// A masking key.
    package mutating func next() -> UInt32 {
        UInt32(truncatingIfNeeded: next64() &>> 32)
    }

    /// Sixteen bytes for `Sec-WebSocket-Key`.
    package mutating func nextNonce() -> (UInt64, UInt64) {
        (next64(), next64())
    }

    // xorshift64*, Vigna 2016.
    private mutating func next64() -> UInt64 {
        state ^= state &>> 12
        state ^= state &<< 25
        state ^= state &>> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

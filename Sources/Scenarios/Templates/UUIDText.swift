import NIOCore

/// A random UUID (RFC 9562, version 4) as text.
enum UUIDText {
    static func make(_ random: inout ClientRandom) -> String {
        let (high, low) = bits(&random)
        return String(unsafeUninitializedCapacity: 36) { target in
            write(high, low, to: UnsafeMutableRawBufferPointer(target))
            return 36
        }
    }

    static func append(to buffer: inout ByteBuffer, _ random: inout ClientRandom) {
        let (high, low) = bits(&random)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 36) { target in
            write(high, low, to: target)
            return 36
        }
    }

    private static func bits(_ random: inout ClientRandom) -> (UInt64, UInt64) {
        let high = random.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return (high, low)
    }

    private static func write(_ high: UInt64, _ low: UInt64, to target: UnsafeMutableRawBufferPointer) {
        var offset = 0
        for digit in 0..<32 {
            if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                target[offset] = UInt8(ascii: "-")
                offset &+= 1
            }
            let word = digit < 16 ? high : low
            let value = UInt8(truncatingIfNeeded: word >> UInt64(60 &- 4 &* (digit & 15))) & 0xF
            target[offset] = value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10
            offset &+= 1
        }
    }
}

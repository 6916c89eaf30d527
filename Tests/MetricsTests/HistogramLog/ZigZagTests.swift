import Testing

@testable import Metrics

@Suite("ZigZag LEB128")
struct ZigZagTests {
    @Test(
        "numbers have the bytes that HdrHistogram's format gives them",
        arguments: [
            (0, [0x00]), (1, [0x02]), (-1, [0x01]), (63, [0x7E]), (64, [0x80, 0x01]), (-64, [0x7F]),
            (-65, [0x81, 0x01]),
            (5_000_000_000, [0x80, 0xC8, 0xAF, 0xA0, 0x25]),
            (Int64.max, [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
            (Int64.min, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        ] as [(Int64, [UInt8])]
    )
    func bytes(number: Int64, expected: [UInt8]) {
        var bytes: [UInt8] = []
        ZigZag.append(number, to: &bytes)
        #expect(bytes == expected)
        var rest = bytes[...]
        #expect(ZigZag.next(&rest) == number)
        #expect(rest.isEmpty)
    }

    @Test("every number comes back, and none from a part of its bytes")
    func roundTrip() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let number = Int64(truncatingIfNeeded: generator.next()) >> Int64.random(in: 0...63, using: &generator)
            var bytes: [UInt8] = []
            ZigZag.append(number, to: &bytes)
            for length in 0..<bytes.count {
                var part = bytes[..<length]
                #expect(ZigZag.next(&part) == nil)
            }
            var rest = bytes[...]
            #expect(ZigZag.next(&rest) == number)
        }
    }
}

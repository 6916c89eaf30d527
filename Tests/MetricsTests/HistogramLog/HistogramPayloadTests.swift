import Foundation
import Testing

@testable import Metrics

@Suite("Histogram payload")
struct HistogramPayloadTests {
    /// What the Python package `hdrhistogram` 0.10.8 writes: `HdrHistogram(1, 3600000000, 3).encode()`.
    struct Golden: Sendable {
        var samples: [(value: Int, times: Int)]
        var text: String
        var mean: Double
        var deviation: Double
    }

    static let golden = [
        Golden(
            samples: [],
            text: "HISTFAAAABx4nJNpmSzMgADMUJoRRFybvITB/gNEAABQ2gSH",
            mean: 0,
            deviation: 0
        ),
        Golden(
            samples: [(1, 1)],
            text: "HISTFAAAACF4nJNpmSzMwMDAxAABzFCaEURcm7yEwf4DVIAJAFoyBIw=",
            mean: 1,
            deviation: 0
        ),
        Golden(
            samples: [(0, 3), (2, 1)],
            text: "HISTFAAAACJ4nJNpmSzMwMDAzAABMJoRRFybvITB/gNEgI2RCQBe8QST",
            mean: 0.5,
            deviation: 0.866_025_403_784_438_6
        ),
        Golden(
            samples: [(2047, 1), (2048, 1), (2049, 2)],
            text: "HISTFAAAACR4nJNpmSzMwMDAwgABzFCaEURcm7yEwf4DROCvPBMbAGflBa8=",
            mean: 2048.5,
            deviation: 0.866_025_403_784_438_6
        ),
        Golden(
            samples: [(1000, 1_000_000), (1, 1), (3_600_000_000, 1)],
            text: "HISTFAAAACp4nJNpmSzMwMDAzQABzFCaEURcm7yEwf4DVIDpNH9DZ9XU20xMAJpICGY=",
            mean: 4599.752_209_495_581,
            deviation: 3_599_755.008_370_875
        ),
        Golden(
            samples: [(123_456, 5_000_000_000)],
            text: "HISTFAAAACd4nJNpmSzMwMDAzgABzFCaEURcm7yEwf4DRGBiXcOJ9QtUAYGgCFk=",
            mean: 123_488,
            deviation: 0
        ),
    ]

    @Test("what another implementation wrote is read with its counts, its mean and its deviation", arguments: golden)
    func goldenBytes(_ golden: Golden) throws {
        let payload = try #require(Data(base64Encoded: golden.text))
        let places = try #require(Self.places(payload))
        let read = Histogram(places: places, max: golden.samples.map(\.value).max())
        var expected = Histogram()
        for (value, times) in golden.samples { expected.record(value, times: times) }
        #expect(read.count == expected.count)
        #expect(read.max == expected.max)
        #expect(read.percentiles([10, 50, 90, 99.9999]) == expected.percentiles([10, 50, 90, 99.9999]))
        #expect(abs(read.mean - golden.mean) <= 1e-9 * golden.mean)
        #expect(abs(read.standardDeviation - golden.deviation) <= 1e-9 * golden.deviation)
        #expect(Self.isSame(read.places, expected.places))
    }

    @Test("what we write is, unpacked, what the other implementation writes", arguments: golden)
    func sameBytes(_ golden: Golden) throws {
        var histogram = Histogram()
        for (value, times) in golden.samples { histogram.record(value, times: times) }
        var encoder = try HistogramPayload.Encoder()
        let ours = try encoder.payload(histogram)
        let theirs = try #require(Data(base64Encoded: golden.text))
        #expect(Array(ours.prefix(4)) == [0x1C, 0x84, 0x93, 0x14])
        #expect(Array(ours.prefix(4)) == Array(theirs.prefix(4)))
        // Of no samples the other one writes the first place, which has a count of 0, and we write none.
        if !golden.samples.isEmpty { #expect(try Self.plain(ours) == Self.plain(theirs)) }
    }

    @Test("every histogram comes back with all its places")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 11)
        var encoder = try HistogramPayload.Encoder()
        for size in [0, 1, 2, 10, 100, 1000, 20_000] {
            var histogram = Histogram()
            for _ in 0..<size { histogram.record(generator.value()) }
            let payload = try encoder.payload(histogram)
            let places = try #require(Self.places(payload))
            let read = Histogram(places: places, max: histogram.max)
            #expect(read.count == size)
            #expect(read.max == histogram.max)
            #expect(read.percentiles([50, 90, 99, 99.9]) == histogram.percentiles([50, 90, 99, 99.9]))
            guard size > 0 else { continue }
            #expect(read.min <= histogram.min && Double(histogram.min) <= Double(read.min) * 1.001)
            #expect(abs(read.mean - histogram.mean) <= histogram.mean * 0.001)
            #expect(Self.isSame(read.places, histogram.places))
        }
    }

    @Test("a payload with any bit changed or any byte cut off is none")
    func tornAndBent() throws {
        var histogram = Histogram()
        for value in 1...40 { histogram.record(value * value) }
        var encoder = try HistogramPayload.Encoder()
        let payload = try encoder.payload(histogram)
        for length in 0..<payload.count { #expect(Self.places(payload.prefix(length)) == nil) }
        #expect(Self.places(payload + [0]) == nil)
        var decoder = HistogramPayload.Decoder()
        var harmless = 0
        for place in payload.indices {
            for bit in 0..<8 {
                var bent = payload
                bent[place] ^= 1 << bit
                // zlib's checksum finds them all, but for those bits of its head and its end that mean nothing.
                guard let read = decoder.places(bent) else { continue }
                harmless += 1
                #expect(Self.isSame(read, histogram.places), "byte \(place), bit \(bit)")
            }
        }
        #expect(harmless < 20)
        #expect(Self.places(payload) != nil)
    }

    @Test("what a stranger packed with a right checksum is held to the layout and to its numbers")
    func hostile() throws {
        let ours = Array(try Self.plain(Self.payload(of: 1)).prefix(HistogramPayload.headerLength))
        func read(_ counts: [Int64], header: [UInt8]? = nil, length: Int? = nil) throws -> PlaceWindow<UInt64>? {
            var bytes: [UInt8] = []
            for count in counts { ZigZag.append(count, to: &bytes) }
            return try Self.packedAndRead(header ?? ours, bytes, length: length)
        }
        #expect(try read([-22, 5])?[22] == 5)
        #expect(try read([0, 0, 3, 0])?[2] == 3)
        // As many places as there are, and one more.
        #expect(try read([-(23 * 1024 - 1), 1])?[23 * 1024 - 1] == 1)
        #expect(try read([-(23 * 1024), 1]) == nil)
        #expect(try read([1, -(23 * 1024)]) == nil)
        #expect(try read([.min]) == nil)
        #expect(try read([-1, .min, 4]) == nil)
        #expect(try read([.max]) == nil)
        #expect(try read([1 << 35, 1 << 35])?[1] == 1 << 35)
        #expect(try read([1 << 35, 1 << 35, 1]) == nil)
        #expect(try read(Array(repeating: 1, count: 23 * 1024)) != nil)
        #expect(try read(Array(repeating: 1, count: 23 * 1024 + 1)) == nil)
        #expect(try read([1], length: 2) == nil)
        // Another offset, other digits, another range, another ratio.
        for place in 0..<HistogramPayload.headerLength where !(4..<8).contains(place) {
            var other = ours
            other[place] ^= 1
            #expect(try read([1], header: other) == nil, "byte \(place)")
        }
        // A stream that unpacks to twice what a payload may have.
        let bomb = [UInt8](repeating: 0, count: 2 * HistogramPayload.lengthLimit)
        #expect(try Self.packedAndRead(ours, bomb, length: nil) == nil)
    }

    private static func isSame(_ one: PlaceWindow<UInt64>, _ other: PlaceWindow<UInt64>) -> Bool {
        (0..<HistogramLayout.length).allSatisfy { one[$0] == other[$0] }
    }

    private static func places(_ payload: Data) -> PlaceWindow<UInt64>? {
        var decoder = HistogramPayload.Decoder()
        return decoder.places(payload)
    }

    private static func payload(of value: Int) throws -> Data {
        var histogram = Histogram()
        histogram.record(value)
        var encoder = try HistogramPayload.Encoder()
        return try encoder.payload(histogram)
    }

    private static func plain(_ payload: Data) throws -> [UInt8] {
        var plain = [UInt8](repeating: 0, count: HistogramPayload.lengthLimit)
        let length = try #require(Inflater.inflate([UInt8](payload)[8...], into: &plain))
        return Array(plain[..<length])
    }

    private static func packedAndRead(
        _ header: [UInt8],
        _ counts: [UInt8],
        length: Int?
    ) throws -> PlaceWindow<UInt64>? {
        var plain = header + counts
        plain.replaceSubrange(4..<8, with: bigEndian(length ?? counts.count))
        var packed: [UInt8] = []
        try Deflater().deflate(plain, into: &packed)
        return places(Data([0x1C, 0x84, 0x93, 0x14] + bigEndian(packed.count) + packed))
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(number).bigEndian) { Array($0) }
    }
}

import Foundation

/// A histogram as HdrHistogram writes it into logs: its V2 encoding, compressed.
///
/// All numbers are big-endian. Outside: a cookie and a length, 4 bytes each, then a zlib stream. In it: a cookie, the
/// length of the counts, the normalizing offset and the significant digits, 4 bytes each; the lowest and the highest value
/// and the conversion ratio, 8 bytes each; then the counts from place 0 to the last one that is not 0, as ZigZag LEB128,
/// where a negative number stands for as many places that are 0.
enum HistogramPayload {
    static let compressedCookie: UInt32 = 0x1C84_9304 | 0x10
    static let cookie: UInt32 = 0x1C84_9303 | 0x10
    static let headerLength = 40
    /// Every place with the longest count.
    static let lengthLimit = headerLength + HistogramLayout.length * ZigZag.longest
    /// The most samples that are believed of one interval; a recorder's places have 32 bits.
    static let sampleLimit: UInt64 = 1 << 36

    /// Everything of the header but the length of the counts.
    private static let settings: [UInt8] =
        bytes(UInt32(0)) + bytes(UInt32(3)) + bytes(UInt64(1)) + bytes(UInt64(HistogramLayout.highest))
        + bytes((1.0).bitPattern)

    private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// Writes payloads, with the memory of the ones before.
    struct Encoder {
        private let deflater: Deflater
        private var plain: [UInt8] = []
        private var packed: [UInt8] = []

        init() throws {
            deflater = try Deflater()
        }

        /// The payload of a histogram.
        mutating func payload(_ histogram: Histogram) throws -> Data {
            plain.removeAll(keepingCapacity: true)
            plain.append(contentsOf: bytes(cookie))
            plain.append(contentsOf: bytes(UInt32(0)))
            plain.append(contentsOf: settings)
            addCounts(of: histogram)
            plain.replaceSubrange(4..<8, with: bytes(UInt32(plain.count - headerLength)))
            try deflater.deflate(plain, into: &packed)
            return Data(bytes(compressedCookie) + bytes(UInt32(packed.count)) + packed)
        }

        private mutating func addCounts(of histogram: Histogram) {
            guard let touched = histogram.touched else { return }
            var zeros = touched.lowerBound
            for index in touched {
                let samples = histogram.places[index]
                if samples == 0 {
                    zeros += 1
                    continue
                }
                if zeros > 0 { ZigZag.append(-Int64(zeros), to: &plain) }
                zeros = 0
                ZigZag.append(Int64(clamping: samples), to: &plain)
            }
        }
    }

    /// Reads payloads, whoever wrote them, into the same memory.
    struct Decoder {
        private var plain = [UInt8](repeating: 0, count: lengthLimit)

        /// The counts of a payload, without 0s at either end; nil where it is none of ours.
        mutating func places(_ payload: Data) -> PlaceWindow<UInt64>? {
            let payload = [UInt8](payload)
            guard payload.count > 8, number(payload, at: 0) == compressedCookie,
                number(payload, at: 4) == UInt32(payload.count - 8),
                let length = Inflater.inflate(payload[8...], into: &plain), length >= headerLength,
                number(plain, at: 0) == cookie, number(plain, at: 4) == UInt32(length - headerLength),
                plain[8..<headerLength].elementsEqual(settings)
            else { return nil }
            return places(plain[headerLength..<length])
        }

        private func places(_ bytes: ArraySlice<UInt8>) -> PlaceWindow<UInt64>? {
            var bytes = bytes
            var index = 0
            var samples: UInt64 = 0
            var offset = 0
            var counts: [UInt64] = []
            while !bytes.isEmpty {
                guard let number = ZigZag.next(&bytes) else { return nil }
                let zeros = number < 0 ? number.magnitude : number == 0 ? 1 : 0
                guard zeros <= UInt64(HistogramLayout.length - index) else { return nil }
                if zeros > 0 {
                    if !counts.isEmpty { counts.append(contentsOf: repeatElement(0, count: Int(zeros))) }
                    index += Int(zeros)
                    continue
                }
                guard index < HistogramLayout.length, number.magnitude <= sampleLimit else { return nil }
                samples += number.magnitude
                guard samples <= sampleLimit else { return nil }
                if counts.isEmpty { offset = index }
                counts.append(number.magnitude)
                index += 1
            }
            while counts.last == 0 { counts.removeLast() }
            return PlaceWindow(offset: offset, counts: counts)
        }

        private func number(_ bytes: [UInt8], at place: Int) -> UInt32 {
            bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }
}

/// Whole numbers as HdrHistogram writes counts: ZigZag, then LEB128 of at most nine bytes.
///
/// The sign goes to the lowest bit, so that small negative numbers are short. Eight bytes carry seven bits each and say
/// with the highest whether another one follows; a ninth carries eight.
enum ZigZag {
    static let longest = 9

    static func append(_ number: Int64, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: (number << 1) ^ (number >> 63))
        for _ in 1..<longest {
            if rest < 0x80 {
                bytes.append(UInt8(rest))
                return
            }
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Takes a number from the front; nil where it does not end there.
    static func next(_ bytes: inout ArraySlice<UInt8>) -> Int64? {
        var bits: UInt64 = 0
        for place in 0..<longest {
            guard let byte = bytes.popFirst() else { return nil }
            let isLast = place == longest - 1 || byte < 0x80
            bits |= UInt64(place == longest - 1 ? byte : byte & 0x7F) << UInt64(7 * place)
            if isLast { break }
        }
        return Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
    }
}

/// What a JSON text needs before the YAML parser reads it.
enum JSONText {
    /// The text with `\ud83d\ude00` as the character that it means.
    ///
    /// The YAML parser takes JSON but for this: an escape of half a character is an error to it. Half a character alone
    /// becomes U+FFFD.
    static func withoutSurrogateEscapes(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                result.append(bytes[index])
                index += 1
                continue
            }
            guard let first = unit(bytes, at: index), UTF16.isLeadSurrogate(first) || UTF16.isTrailSurrogate(first)
            else {
                result.append(contentsOf: bytes[index...(index + 1)])
                index += 2
                continue
            }
            var units = [first]
            if UTF16.isLeadSurrogate(first), let second = unit(bytes, at: index + 6), UTF16.isTrailSurrogate(second) {
                units.append(second)
            }
            result.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
            index += 6 * units.count
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The code unit of an escape `\uXXXX` at this index, or nil.
    private static func unit(_ bytes: [UInt8], at index: Int) -> UInt16? {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return UInt16(String(decoding: bytes[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
    }
}

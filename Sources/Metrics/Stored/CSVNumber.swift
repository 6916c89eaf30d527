/// Reads numbers from cells as they are written, straight from the bytes.
enum CSVNumber {
    /// What a cell holds.
    enum Cell {
        case blank
        case number(Double, whole: Int?)
        case other
    }

    /// Larger ones are no counts, and no sum of them is to go beyond what there is.
    static let wholeLimit = 1 << 53

    static func cell(_ bytes: UnsafeRawBufferPointer, _ place: Range<Int>) -> Cell {
        if place.isEmpty { return .blank }
        // Sixteen digits and more may not be exact this way, and signs and exponents are rare.
        guard place.count <= 16 else { return slow(bytes, place) }
        var digits = 0
        var places = 0
        var hasPoint = false
        for index in place {
            let byte = bytes[index]
            if byte >= 0x30, byte <= 0x39 {
                digits = digits &* 10 &+ Int(byte &- 0x30)
                if hasPoint { places &+= 1 }
            } else if byte == UInt8(ascii: "."), !hasPoint, index > place.lowerBound, index < place.upperBound - 1 {
                hasPoint = true
            } else {
                return slow(bytes, place)
            }
        }
        guard digits <= wholeLimit else { return slow(bytes, place) }
        if places == 0 { return .number(Double(digits), whole: digits) }
        return .number(Double(digits) / powers[places], whole: nil)
    }

    /// A whole number of one to eighteen digits, with or without a minus; nil of anything else.
    static func whole(_ bytes: UnsafeRawBufferPointer, _ place: Range<Int>) -> Int? {
        let isNegative = !place.isEmpty && bytes[place.lowerBound] == UInt8(ascii: "-")
        let digits = isNegative ? place.dropFirst() : place
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var number = 0
        for index in digits {
            let byte = bytes[index]
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            number = number &* 10 &+ Int(byte &- 0x30)
        }
        return isNegative ? -number : number
    }

    private static func slow(_ bytes: UnsafeRawBufferPointer, _ place: Range<Int>) -> Cell {
        guard place.count <= 40, let number = Double(String(decoding: bytes[place], as: UTF8.self)), number.isFinite
        else { return .other }
        return .number(number, whole: nil)
    }

    /// All of them are exact.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    ]
}

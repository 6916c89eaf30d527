/// As many bits as it was made with.
struct BitList {
    private var words: [UInt64]

    init(count: Int) {
        words = Array(repeating: 0, count: (count + 63) / 64)
    }

    subscript(place: Int) -> Bool {
        words[place >> 6] & 1 << UInt64(place & 63) != 0
    }

    mutating func insert(_ place: Int) {
        words[place >> 6] |= 1 << UInt64(place & 63)
    }
}

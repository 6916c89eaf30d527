/// Two bits per message and member, owed and had, in one slab that is used in a circle.
///
/// Messages have numbers that go up; the bits of one stand at its number modulo the capacity, a power of two. Seats are the
/// places of members in each bitmap.
struct DeliveryBits {
    enum Bitmap: Int {
        case owed, had
    }

    /// Words of one bitmap.
    private(set) var width = 1
    /// How many messages there is room for; none before the first resize.
    private(set) var capacity = 0
    /// For each message the bitmap of those who are owed it, then of those who have had it.
    private var slab: [UInt64] = []

    /// Where a message stands in anything of this capacity.
    func place(_ number: Int) -> Int { number & (capacity - 1) }

    /// How many words it would take for so many messages and so wide a bitmap.
    static func words(capacity: Int, width: Int) -> Int { capacity * 2 * width }

    func has(_ bitmap: Bitmap, _ number: Int, _ seat: Int) -> Bool {
        slab[start(bitmap, number) + seat / 64] & 1 << UInt64(seat % 64) != 0
    }

    mutating func set(_ bitmap: Bitmap, _ number: Int, _ seat: Int, _ value: Bool) {
        let mask: UInt64 = 1 << UInt64(seat % 64)
        let word = start(bitmap, number) + seat / 64
        if value { slab[word] |= mask } else { slab[word] &= ~mask }
    }

    /// Clears the bit.
    ///
    /// - Returns: Whether it was set.
    mutating func takes(_ bitmap: Bitmap, _ number: Int, _ seat: Int) -> Bool {
        guard has(bitmap, number, seat) else { return false }
        set(bitmap, number, seat, false)
        return true
    }

    /// The words of a bitmap, where they lie.
    func words(_ bitmap: Bitmap, _ number: Int) -> ArraySlice<UInt64> {
        slab[start(bitmap, number)..<(start(bitmap, number) + width)]
    }

    /// Clears the words of a bitmap.
    mutating func clear(_ bitmap: Bitmap, _ number: Int) {
        for word in start(bitmap, number)..<(start(bitmap, number) + width) { slab[word] = 0 }
    }

    /// Makes room for other numbers of messages and members; what these messages have stays.
    mutating func resize(width newWidth: Int, capacity newCapacity: Int, keeping live: Range<Int>) {
        var resized = DeliveryBits()
        resized.width = newWidth
        resized.capacity = newCapacity
        resized.slab = Array(repeating: 0, count: Self.words(capacity: newCapacity, width: newWidth))
        for number in live {
            for bitmap in [Bitmap.owed, .had] {
                let (from, to) = (start(bitmap, number), resized.start(bitmap, number))
                for word in 0..<min(width, newWidth) { resized.slab[to + word] = slab[from + word] }
            }
        }
        self = resized
    }

    private func start(_ bitmap: Bitmap, _ number: Int) -> Int {
        (place(number) * 2 + bitmap.rawValue) * width
    }
}

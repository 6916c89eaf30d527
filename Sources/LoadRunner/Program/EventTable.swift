import Scenarios

/// Finds the number of an event by the bytes of its name, without making a string of it.
struct EventTable {
    private let names: [[UInt8]]
    /// By hash, open addressing; -1 where free.
    private var places: [Int32]

    init(_ names: [String]) {
        self.names = names.map { Array($0.utf8) }
        var capacity = 8
        while capacity < names.count * 2 { capacity *= 2 }
        places = Array(repeating: -1, count: capacity)
        for (number, name) in self.names.enumerated() {
            var place = name.withUnsafeBytes { Self.hash($0) } & (capacity - 1)
            while places[place] >= 0 { place = (place + 1) & (capacity - 1) }
            places[place] = Int32(number)
        }
    }

    subscript(name: UnsafeRawBufferPointer) -> EventID? {
        var place = Self.hash(name) & (places.count - 1)
        while true {
            let number = Int(places[place])
            guard number >= 0 else { return nil }
            if names[number].count == name.count, names[number].elementsEqual(name) { return number }
            place = (place + 1) & (places.count - 1)
        }
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }
}

import Testing

@testable import LoadRunner

@Suite("The end of a client's tape")
struct TapeRingTests {
    /// What a ring should hold: every record with its bytes, the oldest falling out when the sizes are too many.
    private struct Model {
        var capacity: Int
        var records: [(record: TapeRecord, bytes: [UInt8])] = []
        var fallen = TapeRing.Fallen()

        mutating func append(_ record: TapeRecord, _ bytes: [UInt8]) {
            let kept = Array(bytes.prefix(capacity - TapeRecord.length))
            records.append((record, kept))
            while records.reduce(0, { $0 + TapeRecord.length + $1.bytes.count }) > capacity {
                let first = records.removeFirst().record
                if first.isEntry {
                    fallen.entries += 1
                } else {
                    fallen.messages += 1
                    fallen.bytes += Int(first.size)
                }
            }
        }
    }

    private static func message(_ number: Int, size: Int) -> (TapeRecord, [UInt8]) {
        let record = TapeRecord(
            number % 2 == 0 ? .out : [.binary, .polling],
            size: size,
            connection: UInt16(number % 7),
            time: Int64(number) << 33
        )
        return (record, (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) })
    }

    private static func append(_ message: (TapeRecord, [UInt8]), to ring: inout TapeRing) {
        message.1.withUnsafeBytes { ring.append(message.0, $0) }
    }

    /// The records of a tape, without what is said of their length.
    private static func records(_ bytes: [UInt8]) -> [(record: TapeRecord, bytes: [UInt8])] {
        var records: [(TapeRecord, [UInt8])] = []
        TapeRecord.forEach(in: bytes) { records.append(($0, Array(bytes[$1]))) }
        return records
    }

    private static func expect(_ ring: borrowing TapeRing, _ model: Model, _ comment: Comment) {
        let found = records(ring.copy())
        #expect(found.map(\.bytes) == model.records.map(\.bytes), comment)
        for (found, expected) in zip(found, model.records) {
            var record = expected.record
            record.kept = UInt32(expected.bytes.count)
            #expect(found.record == record, comment)
        }
        #expect(ring.fallen == model.fallen, comment)
    }

    @Test("has nothing before something came")
    func empty() {
        let ring = TapeRing(capacity: 100)
        #expect(ring.copy() == [])
        #expect(ring.fallen == TapeRing.Fallen())
    }

    @Test("holds what fills it to the last byte, and loses the oldest with one byte more")
    func full() {
        var ring = TapeRing(capacity: 3 * (TapeRecord.length + 10))
        var model = Model(capacity: ring.capacity)
        for number in 0..<3 {
            Self.append(Self.message(number, size: 10), to: &ring)
            model.append(Self.message(number, size: 10).0, Self.message(number, size: 10).1)
        }
        #expect(ring.copy().count == ring.capacity)
        #expect(ring.fallen.messages == 0)
        Self.expect(ring, model, "full")
        Self.append(Self.message(3, size: 0), to: &ring)
        model.append(Self.message(3, size: 0).0, [])
        #expect(ring.fallen == TapeRing.Fallen(messages: 1, bytes: 10))
        Self.expect(ring, model, "one more")
    }

    @Test("reads the same wherever its end falls into a record or a message")
    func everySplit() {
        let capacity = 3 * (TapeRecord.length + 12)
        // The first message moves those behind it, byte by byte, over the end.
        for shift in 0...capacity {
            var ring = TapeRing(capacity: capacity)
            var model = Model(capacity: capacity)
            for (number, size) in [shift, 12, 7, 0, 12, 30, 1].enumerated() {
                let message = Self.message(number, size: size)
                Self.append(message, to: &ring)
                model.append(message.0, message.1)
                Self.expect(ring, model, "shifted by \(shift), after \(number)")
            }
        }
    }

    @Test("keeps the beginning of a message that is larger than it, and its size", arguments: [1, 2, 1000])
    func tooLarge(more: Int) {
        let capacity = 200
        for shift in 0..<60 {
            var ring = TapeRing(capacity: capacity)
            Self.append(Self.message(1, size: shift), to: &ring)
            let large = Self.message(2, size: capacity - TapeRecord.length + more)
            Self.append(large, to: &ring)
            let found = Self.records(ring.copy())
            #expect(found.count == 1)
            #expect(found.first?.bytes == Array(large.1.prefix(capacity - TapeRecord.length)))
            #expect(found.first?.record.size == UInt32(large.1.count))
            #expect(found.first?.record.isTruncated == true)
            #expect(ring.fallen == TapeRing.Fallen(messages: 1, bytes: shift))
            Self.append(Self.message(3, size: 5), to: &ring)
            #expect(Self.records(ring.copy()).map(\.bytes) == [Self.message(3, size: 5).1])
            #expect(ring.fallen.bytes == shift + large.1.count)
        }
    }

    @Test("A message that fits exactly is whole")
    func exactly() {
        var ring = TapeRing(capacity: 100)
        let message = Self.message(1, size: 100 - TapeRecord.length)
        Self.append(message, to: &ring)
        let found = Self.records(ring.copy())
        #expect(found.first?.bytes == message.1)
        #expect(found.first?.record.isTruncated == false)
    }

    @Test("does what a list would do over thousands of messages of any size, entries among them", arguments: 0..<8)
    func model(seed: UInt64) {
        var random = Random(state: seed &* 77 &+ 1)
        let capacity = 64 + Int(random.next() % 500)
        var ring = TapeRing(capacity: capacity)
        var model = Model(capacity: capacity)
        for number in 0..<2000 {
            let size = Int(random.next() % 4 == 0 ? random.next() % 700 : random.next() % 40)
            if random.next() % 5 == 0 {
                let record = TapeRecord(.entry, size: size, time: Int64(number))
                ring.append(record, nil)
                model.append(record, Array(repeating: 0, count: size))
            } else {
                let message = Self.message(number, size: size)
                Self.append(message, to: &ring)
                model.append(message.0, message.1)
            }
            if number % 17 == 0 { Self.expect(ring, model, "after \(number)") }
        }
        #expect(ring.fallen.entries > 100)
        Self.expect(ring, model, "at last")
    }

    @Test("The start takes what fits, grows for it, and nothing behind the first that does not")
    func start() {
        for limit in [TapeRecord.length + 5, 600, 5000] {
            var start = TapeStart(limit: limit)
            var expected: [[UInt8]] = []
            var used = 0
            var number = 0
            while true {
                let message = Self.message(number, size: number * 3 % 50)
                let fits = message.1.withUnsafeBytes { start.append(message.0, $0) }
                used += TapeRecord.length + message.1.count
                #expect(fits == (used <= limit))
                guard fits else { break }
                expected.append(message.1)
                number += 1
            }
            let isFull = start.isFull
            #expect(isFull)
            let bytes = start.copy()
            #expect(Self.records(bytes).map(\.bytes) == expected)
            // Even what would fit comes no more: it would stand before what did not.
            let takesMore = start.append(TapeRecord(.out, size: 0), UnsafeRawBufferPointer(start: nil, count: 0))
            #expect(!takesMore)
        }
    }

    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}

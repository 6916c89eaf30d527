import Testing
import Wire

@testable import LoadRunner
@testable import Scenarios

@Suite("Rows of a feed")
struct FeedRowsTests {
    private static let closed = Load(phases: [.init(duration: .seconds(1), model: .clients(from: 0, to: 4))])
    private static let open = Load(
        phases: [.init(duration: .seconds(1), model: .arrivals(from: 1, to: 1, limit: nil))]
    )
    private static let both = Load(phases: closed.phases + open.phases)

    private func rows(_ count: Int, _ order: Feed.Order, _ load: Load = closed, seed: UInt64 = 1) -> FeedRows {
        let feed = Feed(name: "f", columns: ["n"], rows: (0..<count).map { [.integer($0)] }, order: order)
        return FeedRows(feed, load: load, seed: seed)
    }

    private func number(_ rows: FeedRows, _ slot: Int, _ generation: Int = 0) -> Int? {
        guard case .integer(let number)? = rows.row(slot: slot, generation: generation)?.first else { return nil }
        return number
    }

    @Test("Sequential: slot by slot, generation after generation, and from the start again")
    func sequential() {
        let rows = rows(6, .sequential)
        let taken = (0..<3).flatMap { generation in (0..<4).map { number(rows, $0, generation) } }
        #expect(taken == [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5])
    }

    @Test("Unique: every row once, then none")
    func unique() {
        let rows = rows(6, .unique)
        #expect((0..<4).map { number(rows, $0, 0) } == [0, 1, 2, 3])
        #expect((0..<4).map { number(rows, $0, 1) } == [4, 5, nil, nil])
    }

    @Test("Clients that arrive have numbers of their own, in a load of both models too")
    func arrivals() {
        #expect((0..<4).map { number(rows(9, .unique, Self.open), $0) } == [0, 1, 2, 3])
        let mixed = rows(100, .unique, Self.both)
        let closed = (0..<3).flatMap { generation in (0..<4).compactMap { number(mixed, $0, generation) } }
        let open = (4..<20).compactMap { number(mixed, $0) }
        #expect(Set(closed + open).count == 12 + 16)
    }

    @Test("Shuffled: each time through every row once, in another order", arguments: [1, 2, 3, 7, 64, 1000])
    func shuffled(count: Int) {
        let rows = rows(count, .shuffle, Self.open)
        let first = (0..<count).compactMap { number(rows, $0) }
        let second = (count..<(2 * count)).compactMap { number(rows, $0) }
        #expect(first.sorted() == Array(0..<count))
        #expect(second.sorted() == Array(0..<count))
        guard count >= 64 else { return }
        #expect(first != second)
        #expect(first != first.sorted())
        #expect((0..<count).compactMap { number(self.rows(count, .shuffle, Self.open), $0) } == first)
        #expect((0..<count).compactMap { number(self.rows(count, .shuffle, Self.open, seed: 2), $0) } != first)
    }

    @Test("A feed without rows has none")
    func empty() {
        #expect(rows(0, .shuffle).row(slot: 0, generation: 0) == nil)
    }
}

import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("The cutter of snapshots")
struct SnapshotCutterTests {
    struct Case: Sendable {
        var phases: [Duration]
        var warmup: Duration
        var end: TimeAmount
    }

    static let cases: [Case] = [
        Case(phases: [.seconds(3)], warmup: .zero, end: .seconds(3)),
        Case(phases: [.seconds(2), .seconds(1)], warmup: .seconds(1), end: .milliseconds(4321)),
        Case(
            phases: [.milliseconds(2500), .milliseconds(700), .milliseconds(100), .seconds(2)],
            warmup: .milliseconds(1700),
            end: .seconds(9)
        ),
        Case(
            phases: [.milliseconds(300), .milliseconds(300), .milliseconds(300)],
            warmup: .milliseconds(600),
            end: .milliseconds(950)
        ),
        Case(phases: [.seconds(2)], warmup: .seconds(5), end: .milliseconds(7100)),
        Case(phases: [.seconds(10), .seconds(10)], warmup: .milliseconds(1), end: .milliseconds(4400)),
        Case(
            phases: [.nanoseconds(1_000_000_001), .nanoseconds(1)],
            warmup: .nanoseconds(999_999_999),
            end: .seconds(3)
        ),
    ]

    @Test(
        "Pieces follow one another without gap, each within one second, one phase, and the warm-up or not",
        arguments: cases
    )
    func tiles(run: Case) {
        let pieces = Self.pieces(of: run, polledEvery: .milliseconds(1))
        var begin = TimeAmount.zero
        for (place, piece) in pieces.enumerated() {
            #expect(piece.end > begin || place == pieces.count - 1)
            #expect(piece.end >= begin)
            #expect(piece.second == Int(begin.nanoseconds / 1_000_000_000))
            #expect(piece.end <= .seconds(Int64(piece.second) + 1))
            #expect(piece.phase == Self.phase(at: begin, of: run))
            #expect(piece.isWarmup == (begin < TimeAmount(run.warmup)))
            if piece.end > begin {
                let last = piece.end - .nanoseconds(1)
                #expect(Self.phase(at: last, of: run) == piece.phase)
                #expect((last < TimeAmount(run.warmup)) == piece.isWarmup)
            }
            begin = piece.end
        }
        #expect(begin == run.end)
    }

    @Test("Of the pieces of a second the last one completes it, and no other", arguments: cases)
    func completes(run: Case) {
        let pieces = Self.pieces(of: run, polledEvery: .milliseconds(1))
        for (piece, following) in zip(pieces, pieces.dropFirst()) {
            #expect(piece.completesSecond == (following.second != piece.second))
        }
        #expect(pieces.last?.completesSecond == true)
    }

    @Test("The cuts do not depend on how often one asks", arguments: cases)
    func polling(run: Case) {
        let often = Self.pieces(of: run, polledEvery: .microseconds(900))
        #expect(Self.pieces(of: run, polledEvery: .milliseconds(777)) == often)
        #expect(Self.pieces(of: run, polledEvery: .hours(1)) == often)
    }

    @Test("Cuts at any moment leave no gap, and complete no second", arguments: cases)
    func anywhere(run: Case) {
        var cutter = SnapshotCutter(load: load(run.phases), warmup: run.warmup)
        var pieces: [SnapshotCutter.Piece] = []
        var now = TimeAmount.zero
        // Steps that hit whole seconds and borders now and then.
        var step = 0
        while now < run.end {
            now = min(now + .milliseconds([1, 99, 200, 700][step % 4]), run.end)
            step += 1
            while let piece = cutter.next(upTo: now) { pieces.append(piece) }
            if let piece = cutter.cut(at: now) {
                #expect(!piece.completesSecond)
                #expect(piece.end == now)
                pieces.append(piece)
            }
            for again in [now, now - .milliseconds(1)] {
                let empty = cutter.cut(at: again)
                #expect(empty == nil)
            }
        }
        pieces.append(cutter.last(at: run.end))
        var begin = TimeAmount.zero
        for (place, piece) in pieces.enumerated() {
            #expect(piece.end > begin || place == pieces.count - 1)
            #expect(piece.second == Int(begin.nanoseconds / 1_000_000_000))
            #expect(piece.end <= .seconds(Int64(piece.second) + 1))
            #expect(piece.phase == Self.phase(at: begin, of: run))
            #expect(piece.isWarmup == (begin < TimeAmount(run.warmup)))
            let isLast = place == pieces.count - 1
            #expect(piece.completesSecond == (isLast || piece.end == .seconds(Int64(piece.second) + 1)))
            begin = piece.end
        }
        #expect(begin == run.end)
    }

    @Test("Where nothing is over there is no piece, and a piece is over with its last instant")
    func notYet() {
        var cutter = SnapshotCutter(load: load([.milliseconds(1500)]), warmup: .zero)
        #expect(cutter.next(upTo: .seconds(-5)) == nil)
        #expect(cutter.next(upTo: .zero) == nil)
        #expect(cutter.next(upTo: .seconds(1) - .nanoseconds(1)) == nil)
        let first = SnapshotCutter.Piece(second: 0, completesSecond: true, phase: 0, isWarmup: false, end: .seconds(1))
        #expect(cutter.next(upTo: .seconds(1)) == first)
        #expect(cutter.next(upTo: .seconds(1)) == nil)
        let second = SnapshotCutter.Piece(
            second: 1,
            completesSecond: false,
            phase: 0,
            isWarmup: false,
            end: .milliseconds(1500)
        )
        #expect(cutter.next(upTo: .milliseconds(1500)) == second)
        // A clock that stands still does not turn a piece around.
        #expect(cutter.last(at: .seconds(1)).end == .milliseconds(1500))
    }

    @Test("The time after the last phase has the number of phases, second after second")
    func grace() {
        var cutter = SnapshotCutter(load: load([.seconds(1), .seconds(1)]), warmup: .zero)
        var pieces: [SnapshotCutter.Piece] = []
        while let piece = cutter.next(upTo: .seconds(6)) { pieces.append(piece) }
        #expect(pieces.map(\.phase) == [0, 1, 2, 2, 2, 2])
        #expect(pieces.map(\.second) == Array(0..<6))
    }

    // MARK: - Oracles

    private static func pieces(of run: Case, polledEvery interval: TimeAmount) -> [SnapshotCutter.Piece] {
        var cutter = SnapshotCutter(load: load(run.phases), warmup: run.warmup)
        var pieces: [SnapshotCutter.Piece] = []
        var now = TimeAmount.zero
        while now < run.end {
            now = min(now + interval, run.end)
            while let piece = cutter.next(upTo: now) { pieces.append(piece) }
        }
        return pieces + [cutter.last(at: run.end)]
    }

    private static func phase(at time: TimeAmount, of run: Case) -> Int {
        var end = TimeAmount.zero
        for (place, duration) in run.phases.enumerated() {
            end = end + TimeAmount(duration)
            if time < end { return place }
        }
        return run.phases.count
    }
}

private func load(_ durations: [Duration]) -> Load {
    Load(phases: durations.map { Load.Phase(duration: $0, model: .clients(from: 1, to: 1)) })
}

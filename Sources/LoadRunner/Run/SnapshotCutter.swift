import Metrics
import NIOCore
import Scenarios

/// Where the figures of a run are cut: at every whole second, at every phase's begin, at the end of the warm-up, and where
/// somebody asks for it, such as where a fault begins.
///
/// Each piece then belongs to one second and one phase as a whole.
struct SnapshotCutter {
    /// A stretch of the run that is over.
    struct Piece: Hashable {
        var second: Int
        /// No other piece of this second follows.
        var completesSecond: Bool
        /// The number of phases stands for the time after them.
        var phase: Int
        var isWarmup: Bool
        var end: TimeAmount
    }

    /// The offsets of phase begins, the last one's end, and the warm-up's end, in order.
    private let borders: [TimeAmount]
    private let phaseBegins: [TimeAmount]
    private let warmup: TimeAmount
    /// The begin of the piece that is not cut yet.
    private var begin = TimeAmount.zero

    init(load: Load, warmup: Duration) {
        self.warmup = TimeAmount(warmup)
        var offset = TimeAmount.zero
        var begins: [TimeAmount] = []
        for phase in load.phases {
            begins.append(offset)
            offset = offset + TimeAmount(phase.duration)
        }
        phaseBegins = begins + [offset]
        borders = (begins + [offset, self.warmup]).sorted()
    }

    /// The next piece that is over, or nil.
    mutating func next(upTo now: TimeAmount) -> Piece? {
        let wholeSecond = TimeAmount.seconds(begin.nanoseconds / 1_000_000_000 + 1)
        let end = min(wholeSecond, borders.first { $0 > begin } ?? wholeSecond)
        guard end <= now else { return nil }
        return piece(until: end, completesSecond: end == wholeSecond)
    }

    /// The piece up to this moment, which is not the last of its second; nil where it would be empty.
    ///
    /// The pieces that are over must have been taken before.
    mutating func cut(at now: TimeAmount) -> Piece? {
        now > begin ? piece(until: now, completesSecond: false) : nil
    }

    /// The piece that the end of the run leaves.
    mutating func last(at now: TimeAmount) -> Piece {
        piece(until: max(now, begin), completesSecond: true)
    }

    private mutating func piece(until end: TimeAmount, completesSecond: Bool) -> Piece {
        defer { begin = end }
        return Piece(
            second: Int(begin.nanoseconds / 1_000_000_000),
            completesSecond: completesSecond,
            phase: max(0, (phaseBegins.lastIndex { $0 <= begin } ?? 0)),
            isWarmup: begin < warmup,
            end: end
        )
    }
}

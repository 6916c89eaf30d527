import Metrics
import NIOCore
import Scenarios

/// Where the figures of a run are cut: at every whole second, at every phase's begin, and at the end of the warm-up.
///
/// Each piece then belongs to one second and one phase as a whole.
struct SnapshotCutter {
    private let phases: [Load.Phase]
    /// The offsets of phase begins, the last one's end, and the warm-up's end, in order.
    private let borders: [TimeAmount]
    private let phaseBegins: [TimeAmount]
    private let warmup: TimeAmount
    /// The begin of the piece that is not cut yet.
    private var begin = TimeAmount.zero

    init(load: Load, warmup: Duration) {
        phases = load.phases
        self.warmup = TimeAmount(warmup)
        var offset = TimeAmount.zero
        var begins: [TimeAmount] = []
        for phase in load.phases {
            begins.append(offset)
            offset = offset + TimeAmount(phase.duration)
        }
        phaseBegins = begins
        borders = (begins + [offset, self.warmup]).sorted()
    }

    /// Whether the phase replaces clients that leave.
    func isClosed(phase: Int) -> Bool {
        if case .clients = phases[phase].model { true } else { false }
    }

    /// The next piece that is over, or nil.
    mutating func next(upTo now: TimeAmount) -> SnapshotInterval? {
        let wholeSecond = TimeAmount.seconds(begin.nanoseconds / 1_000_000_000 + 1)
        let end = min(wholeSecond, borders.first { $0 > begin } ?? wholeSecond)
        guard end <= now else { return nil }
        return piece(until: end)
    }

    /// The piece that the end of the run leaves.
    mutating func last(at now: TimeAmount) -> SnapshotInterval {
        piece(until: max(now, begin))
    }

    private mutating func piece(until end: TimeAmount) -> SnapshotInterval {
        let phase = phaseBegins.lastIndex { $0 <= begin } ?? 0
        defer { begin = end }
        return SnapshotInterval(
            second: Int(begin.nanoseconds / 1_000_000_000),
            phase: phase,
            isWarmup: begin < warmup,
            nanoseconds: (end - begin).nanoseconds
        )
    }
}

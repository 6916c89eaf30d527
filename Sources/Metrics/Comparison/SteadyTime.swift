/// Which seconds of a run are compared, cut into blocks.
///
/// Those of the phases whose load does not change, without the warmup and without the first two seconds after a change of
/// the load; of a run that has no such phase all that were measured. Seconds that follow one another resemble one
/// another, blocks of ten do much less; a long phase is cut into twelve longer ones, since what resembles over ten seconds
/// may still do so over twenty, and more than a dozen say hardly more.
struct SteadyTime: Hashable, Sendable {
    /// One block, in whole seconds of the run.
    struct Block: Hashable, Sendable {
        let start: Int
        /// Not one of it.
        let end: Int
        /// The place of its phase in the load; the first of all where the whole run is taken.
        let phase: Int
    }

    let blocks: [Block]
    /// Seconds in the blocks.
    let seconds: Int
    /// No phase is steady, so that all is taken.
    let isWholeRun: Bool
    /// The places of the steady phases in the load, with blocks or without; 0 where the whole run is taken.
    let phases: [Int]
    /// Seconds of the load that were measured.
    let measured: Double

    /// The least length of a block, in seconds.
    static let blockLength = 10
    /// How many blocks a phase is cut into at the most.
    static let mostBlocks = 12
    /// How long after a change of the load nothing is taken, in seconds.
    static let settling = 2.0
    /// How many blocks there have to be.
    static let fewestBlocks = 3
    /// The shortest steady phase that can be compared, in seconds.
    static let shortestPhase = Int(settling) + blockLength * fewestBlocks

    /// - Parameters:
    ///   - lastSecond: The last second that the run measured, which may not be whole; nil where there is none.
    ///   - grain: For how many seconds samples were written together: 1, or 10 of a long run.
    init(of run: RunFile, lastSecond: Int?, grain: Int = 1) {
        let stretches = Self.steady(run)
        let end = Double(lastSecond ?? 0)
        let load = run.load.reduce(0) { $0 + $1.seconds }
        isWholeRun = stretches.isEmpty
        let taken = isWholeRun ? [(phase: 0, start: run.warmupSeconds, end: load)] : stretches
        phases = taken.map(\.phase)
        measured = min(end, load)
        let grain = max(grain, 1)
        var blocks: [Block] = []
        for stretch in taken {
            // What was written together lies on whole multiples of the grain since second 0, and so do the bounds.
            let first = (Self.whole(stretch.start.rounded(.up)) + grain - 1) / grain * grain
            let past = Self.whole(min(stretch.end, end).rounded(.down)) / grain * grain
            blocks += Self.cut(from: first, to: past, phase: stretch.phase, grain: grain)
        }
        self.blocks = blocks
        seconds = blocks.reduce(0) { $0 + $1.end - $1.start }
    }

    /// The place of the block in which an instant of the run falls.
    func block(at second: Double) -> Int? {
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if Double(blocks[middle].end) <= second { low = middle + 1 } else { high = middle }
        }
        return low < blocks.count && second >= Double(blocks[low].start) ? low : nil
    }

    func blockCount(of phase: Int) -> Int { blocks.filter { $0.phase == phase }.count }

    /// Seconds in the blocks of a phase.
    func seconds(of phase: Int) -> Int {
        blocks.reduce(0) { $1.phase == phase ? $0 + $1.end - $1.start : $0 }
    }

    private static func steady(_ run: RunFile) -> [(phase: Int, start: Double, end: Double)] {
        var stretches: [(phase: Int, start: Double, end: Double)] = []
        var begin = 0.0
        for (place, phase) in run.load.enumerated() {
            defer { begin += phase.seconds }
            guard phase.from == phase.to, phase.from > 0 else { continue }
            let before = place > 0 ? run.load[place - 1] : nil
            let goesOn = before.map { $0.from == $0.to && $0.to == phase.from && $0.model == phase.model } ?? false
            let start = max(begin + (goesOn ? 0 : settling), run.warmupSeconds)
            if start < begin + phase.seconds { stretches.append((place, start, begin + phase.seconds)) }
        }
        return stretches
    }

    private static func cut(from start: Int, to end: Int, phase: Int, grain: Int) -> [Block] {
        let length = end - start
        let count = min(length / max(blockLength, grain), mostBlocks)
        guard count > 0 else { return [] }
        let bounds = (0...count).map { number in
            number == count ? end : start + (number * length / count + grain / 2) / grain * grain
        }
        return zip(bounds, bounds.dropFirst()).map { Block(start: $0, end: $1, phase: phase) }
    }

    /// A number of seconds from a file, which may be anything.
    private static func whole(_ seconds: Double) -> Int {
        seconds.isFinite ? Int(min(max(seconds, 0), 1e9)) : 0
    }
}

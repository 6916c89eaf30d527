/// Which chunk suffers what, counted over all answers of a server.
///
/// A chunk suffers one fault at most, so that each shows in a report as itself.
struct ChunkFaults {
    private var drop: EveryNth
    private var duplicate: EveryNth
    private var reorder: EveryNth
    private var truncate: EveryNth

    enum Verdict {
        case send
        case sendTwice
        case withhold
        /// The one after it goes first.
        case overtake
    }

    init(_ faults: FaultPlan) {
        drop = EveryNth(faults.dropChunk)
        duplicate = EveryNth(faults.duplicateChunk)
        reorder = EveryNth(faults.reorderChunks)
        truncate = EveryNth(faults.truncate)
    }

    /// Whether an answer stops halfway; one with a single chunk has no half.
    mutating func truncates(chunks: Int) -> Bool {
        truncate.pick(fit: chunks >= 2)
    }

    /// What becomes of the next chunk in turn.
    ///
    /// - Parameter isLast: A last chunk is never withheld: nothing after it would show the gap.
    mutating func verdict(isLast: Bool) -> Verdict {
        if !isLast, reorder.pick() {
            pass()
            return .overtake
        }
        if drop.pick(fit: !isLast) {
            _ = duplicate.pick(fit: false)
            return .withhold
        }
        return duplicate.pick() ? .sendTwice : .send
    }

    /// Counts a chunk that none of the faults may touch.
    mutating func pass() {
        _ = drop.pick(fit: false)
        _ = duplicate.pick(fit: false)
    }
}

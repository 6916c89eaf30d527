import NIOCore

/// Follows one chunked reply from its first chunk to its end, and says what was wrong with it.
///
/// A value without a clock: times are arguments. Its size does not depend on the reply's, but for the bit per chunk
/// index and the texts of chunks that came too early.
struct StreamTracker {
    /// What makes a stream broken; of several, the first in this order counts.
    enum Flaw: Hashable {
        case timedOut, missing, truncated, mismatched, duplicated, reordered, stalled
    }

    /// What there is to say about a stream at its end.
    struct Outcome: Hashable {
        /// Chunks that arrived, without repeats.
        var chunks: Int
        var missing: Int
        var duplicated: Int
        var reordered: Int
        /// Chunks that were sent again after a reconnect.
        var replayed = 0
        /// Nil: complete.
        var flaw: Flaw?
    }

    /// What one chunk was.
    struct Arrival: Hashable {
        /// The first chunk with content, which ends the wait for the first chunk.
        var isFirstContent: Bool
        /// The time since the chunk before; nil for the first.
        var gap: TimeAmount?
    }

    /// Chunk indices from here on are not followed: the peer sends nonsense.
    static let maximumIndex = 1 << 16

    private let stall: TimeAmount?
    private let joinsText: Bool
    private var indices = IndexBitmap()
    private var text = TextFold()
    private var chunks = 0
    private var duplicated = 0
    private var reordered = 0
    private var replayed = 0
    /// What is sent again after a reconnect has no higher index; -1 where there was none.
    private var highestBeforeLoss = -1
    private var lastArrival: NIODeadline?
    private var sawContent = false
    private var sawStall = false

    /// - Parameters:
    ///   - stall: A gap of this length or longer is a stall; nil: none is.
    ///   - joinsText: The step names where a chunk's text stands; a chunk that has none there has an empty one.
    init(stall: TimeAmount?, joinsText: Bool) {
        self.stall = stall
        self.joinsText = joinsText
    }

    /// Takes in a chunk.
    ///
    /// - Parameters:
    ///   - index: Its place in the stream; nil where the stream has no indices.
    ///   - content: The text it carries; nil where it has none, which counts as content where none is looked at.
    ///   - time: When it was read.
    /// - Returns: Nil for an index that is negative or past `maximumIndex`.
    mutating func chunk(index: Int?, content: UnsafeRawBufferPointer?, at time: NIODeadline) -> Arrival? {
        let gap = elapse(to: time)
        if let index {
            guard index >= 0, index < Self.maximumIndex else { return nil }
            guard indices.insert(index) else {
                if index <= highestBeforeLoss { replayed += 1 } else { duplicated += 1 }
                return Arrival(isFirstContent: false, gap: gap)
            }
            if index < indices.highest { reordered += 1 }
        }
        let content = content ?? (joinsText ? UnsafeRawBufferPointer(start: nil, count: 0) : nil)
        if let content { text.add(content, at: index ?? chunks) }
        chunks += 1
        let hasContent = content.map { !$0.isEmpty } ?? true
        defer { sawContent = sawContent || hasContent }
        return Arrival(isFirstContent: hasContent && !sawContent, gap: gap)
    }

    /// The connection fell: the pause is nobody's stall, and what came before it may come once more.
    mutating func interrupt() {
        lastArrival = nil
        highestBeforeLoss = indices.highest
    }

    /// The stream's end came.
    ///
    /// - Parameter final: The whole text as the end says it; nil where it does not.
    mutating func finish(final: UnsafeRawBufferPointer?, at time: NIODeadline) -> Outcome {
        _ = elapse(to: time)
        let missing = indices.missing
        var flaw: Flaw? =
            if duplicated > 0 { .duplicated } else if reordered > 0 { .reordered } else if sawStall { .stalled } else {
                nil
            }
        if missing > 0 {
            flaw = .missing
        } else if let final {
            switch text.compare(with: final) {
            case .equal: break
            case .prefix: flaw = .truncated
            case .different: flaw = .mismatched
            }
        }
        return outcome(flaw)
    }

    /// The stream's end did not come in time.
    func timeOut() -> Outcome {
        outcome(.timedOut)
    }

    private func outcome(_ flaw: Flaw?) -> Outcome {
        Outcome(
            chunks: chunks,
            missing: indices.missing,
            duplicated: duplicated,
            reordered: reordered,
            replayed: replayed,
            flaw: flaw
        )
    }

    private mutating func elapse(to time: NIODeadline) -> TimeAmount? {
        defer { lastArrival = time }
        guard let lastArrival else { return nil }
        let gap = time - lastArrival
        if let stall, gap >= stall { sawStall = true }
        return gap
    }
}

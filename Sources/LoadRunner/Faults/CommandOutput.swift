import Metrics

/// What a command writes: its first and its last 4 KB, whatever lies between.
struct CommandOutput {
    static let kept = 4096

    /// Bytes beside a cut that are kept to find secrets in which the cut lies; they are not shown.
    private let margin: Int
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var total = 0

    /// - Parameter margin: The length of the longest secret.
    init(margin: Int) {
        self.margin = max(0, margin)
    }

    private var capacity: Int { Self.kept + margin }

    mutating func append(_ bytes: some Collection<UInt8>) {
        total += bytes.count
        let first = bytes.prefix(capacity - head.count)
        head += first
        tail += bytes.dropFirst(first.count)
        // Trimmed now and then, so that many small writes do not move the whole each time.
        if tail.count > 2 * capacity { tail.removeFirst(tail.count - capacity) }
    }

    /// The text, where all of it was kept; else its begin, how many bytes are left out, and its end.
    func text(_ redactor: Redactor) -> (begin: String, omitted: Int, end: String) {
        if total <= head.count + capacity {
            return (redactor.apply(String(decoding: head + tail, as: UTF8.self)), 0, "")
        }
        let begin = redactor.apply(String(decoding: head, as: UTF8.self)).dropLast(margin)
        let end = redactor.apply(String(decoding: tail.suffix(capacity), as: UTF8.self)).dropFirst(margin)
        return (String(begin), total - 2 * Self.kept, String(end))
    }
}

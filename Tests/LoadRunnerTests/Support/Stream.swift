import NIOCore

@testable import LoadRunner

/// A tracker and the time at which the next message reaches it.
struct Stream {
    var tracker: StreamTracker
    private var now = instant(.zero)

    init(stall: TimeAmount? = nil, joinsText: Bool = true) {
        tracker = StreamTracker(stall: stall, joinsText: joinsText)
    }

    @discardableResult
    mutating func chunk(
        _ index: Int?,
        _ text: String?,
        after pause: TimeAmount = .milliseconds(1)
    ) -> StreamTracker.Arrival? {
        now = now + pause
        guard let text else { return tracker.chunk(index: index, content: nil, at: now) }
        return Array(text.utf8).withUnsafeBytes { tracker.chunk(index: index, content: $0, at: now) }
    }

    mutating func finish(_ final: String?, after pause: TimeAmount = .milliseconds(1)) -> StreamTracker.Outcome {
        now = now + pause
        guard let final else { return tracker.finish(final: nil, at: now) }
        return Array(final.utf8).withUnsafeBytes { tracker.finish(final: $0, at: now) }
    }
}

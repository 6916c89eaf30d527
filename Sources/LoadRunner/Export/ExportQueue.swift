import NIOCore

/// What waits to be pushed, and when it goes.
///
/// At most one push is under way and one waits. Since each holds all figures up to its time, a newer one takes the place
/// of the one that waits, and nothing is lost. After a failure that may pass it waits, twice as long each time, or as long
/// as the collector says.
struct ExportQueue<Push> {
    /// The pause after the first failure; it doubles up to `longestPause`.
    static var firstPause: TimeAmount { .seconds(1) }
    static var longestPause: TimeAmount { .seconds(30) }

    enum Step {
        /// Send it now.
        case send(Push)
        /// Ask again then.
        case wait(until: NIODeadline)
        /// There is nothing to do until something happens.
        case idle
    }

    private var waiting: Push?
    private var underway: Push?
    private var pause = firstPause
    private var notBefore = NIODeadline.uptimeNanoseconds(0)

    /// Nothing waits and nothing is under way.
    var isEmpty: Bool { waiting == nil && underway == nil }

    /// Puts the newest figures in the place of those that wait.
    mutating func put(_ push: Push) {
        waiting = push
    }

    /// What to do now.
    mutating func step(at now: NIODeadline) -> Step {
        guard underway == nil, let push = waiting else { return .idle }
        guard now >= notBefore else { return .wait(until: notBefore) }
        waiting = nil
        underway = push
        return .send(push)
    }

    /// What waits may go at once.
    mutating func hurry() {
        notBefore = NIODeadline.uptimeNanoseconds(0)
    }

    /// The push was taken, or turned down for good: trying again would bring the same.
    mutating func settled() {
        underway = nil
        pause = Self.firstPause
        notBefore = NIODeadline.uptimeNanoseconds(0)
    }

    /// The push failed in a way that may pass; it waits, unless a newer one does.
    ///
    /// - Parameter delay: How long the collector wants to be left alone; nil: it did not say.
    mutating func failed(at now: NIODeadline, retryAfter delay: TimeAmount? = nil) {
        waiting = waiting ?? underway
        underway = nil
        notBefore = now + max(delay ?? pause, .zero)
        pause = min(pause * 2, Self.longestPause)
    }
}

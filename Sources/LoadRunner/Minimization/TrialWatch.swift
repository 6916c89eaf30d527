import Metrics
import Synchronization

/// Watches a trial, and ends it as soon as its verdict is certain or nothing more is to be expected.
final class TrialWatch: RunObserver {
    /// When to give up, in seconds; nil: never.
    struct Bounds: Hashable, Sendable {
        var seconds: Double?
        /// Of nothing being said.
        var silence: Double?
    }

    private let checks: [Check]
    private let bounds: Bounds
    private let isInterrupted: @Sendable () -> Bool
    private let state = Mutex(State())

    private struct State {
        var said = 0
        var lastSaid = 0.0
        var silence = 0.0
        var decided: Double?
    }

    init(_ checks: [Check], bounds: Bounds, isInterrupted: @escaping @Sendable () -> Bool) {
        self.checks = checks
        self.bounds = bounds
        self.isInterrupted = isInterrupted
    }

    /// When the failure was certain, in seconds; nil where that was at the end.
    var decided: Double? { state.withLock { $0.decided } }
    /// The longest time in which nothing was said, in seconds.
    var silence: Double { state.withLock { $0.silence } }

    func started(_ start: RunStart) {}
    func second(_ second: TimelineSecond, totals: RunTotals) {}
    func loops(_ loops: [LoopLine]) {}

    func abortion(totals: RunTotals, after seconds: Double) -> String? {
        if isInterrupted() { return "interrupted" }
        let isCertain = !checks.isEmpty && checks.allSatisfy { $0.hasFailedForGood(over: totals) }
        return state.withLock { state in
            guard state.decided == nil else { return "decided" }
            let said = Self.said(totals)
            if said != state.said {
                state.silence = max(state.silence, seconds - state.lastSaid)
                (state.said, state.lastSaid) = (said, seconds)
            }
            if isCertain {
                state.decided = seconds
                return "decided"
            }
            if isUnreachable(totals) { return "the target is not reached" }
            if let limit = bounds.seconds, seconds > limit { return "the time is up" }
            if let limit = bounds.silence, seconds - state.lastSaid > limit { return "nothing is said any more" }
            return nil
        }
    }

    /// Whether connections are refused again and again, and nothing else happens: no reconnecting will help.
    private func isUnreachable(_ totals: RunTotals) -> Bool {
        let failed = totals.count("connect.failed") ?? 0
        guard failed >= 3, failed == totals.count("connect.count") else { return false }
        return totals.overall.errors.allSatisfy { $0.kind == "refused" || $0.kind == "dns" }
            || Self.isTurnedAway(totals) && !checks.contains(where: \.seesRefusals)
    }

    /// Whether there was a server that answered every connection with an HTTP status that refuses it.
    static func isTurnedAway(_ totals: RunTotals) -> Bool {
        let failed = totals.count("connect.failed") ?? 0
        let errors = totals.overall.errors
        return failed > 0 && failed == totals.count("connect.count") && !errors.isEmpty
            && errors.allSatisfy { $0.kind.hasPrefix("upgrade.") || $0.kind.hasPrefix("http.") }
    }

    /// Messages, and what else a client does.
    static func said(_ totals: RunTotals) -> Int {
        ["messages.sent", "messages.received", "operations"].reduce(0) { $0 + (totals.count($1) ?? 0) }
    }
}

extension Check {
    /// Whether it may be about connections that are refused, so that these do not keep it from being decided.
    var seesRefusals: Bool {
        ["errors.upgrade", "errors.http", "errors.rate", "errors.count", "connect", "reconnect"]
            .contains { metric.hasPrefix($0) }
    }

    /// Whether it has failed, and will have whatever else happens: counters only grow.
    func hasFailedForGood(over totals: RunTotals) -> Bool {
        let result = evaluate(over: totals)
        guard result.outcome == .failed, let actual = result.actual else { return false }
        switch (kind, statistic) {
        case (.count, nil) where metric != "clients.active", (.count, .count), (.time, .count), (.size, .count),
            (.time, .max), (.size, .max):
            break
        default: return false
        }
        switch comparison {
        case .less, .lessOrEqual: return true
        case .equal: return actual > threshold
        case .greater, .greaterOrEqual, .notEqual: return false
        }
    }
}

import NIOCore

// The events of selectors.
extension XenonDialect {
    mutating func sendSelector(
        _ change: XenonSelector.Change,
        _ place: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        let selector = selectors[place]
        selectors[place].sequence += 1
        let order = XenonOrder(kind: "selector", name: selector.id, number: selector.order)
        // A verification that is cancelled leaves no record where the selector never had one before.
        let isGone = Generation.isCurrent && change == .cancelled && selector.regressions == 0
        broadcast(change.event, order, sequence: selector.sequence, at: now, output: &output) { event in
            event.member("original_strategy", selector.strategy)
            event.member("original_selector", string: selector.selector)
            event.member("strategy", selector.strategy)
            event.member("selector", string: selector.selector)
            event.member("status", string: isGone ? "deleted" : selector.status.rawValue)
            guard !isGone else { return }
            event.member("id", string: selector.id)
            event.member("clean_builds_count", selector.cleanBuilds)
            event.member("resolved_at", time: selector.resolvedAt)
            guard change != .progress, change != .resolved else { return }
            event.member("fixed_at", time: selector.fixedAt)
            event.null("fixed_by_api_key")
            event.member("muted_at", time: selector.mutedAt)
            event.null("muted_by_api_key")
            event.member("regression_count", selector.regressions)
            event.member("last_event_at", time: selector.changedAt)
            event.member("createdAt", time: selector.createdAt)
            event.member("updatedAt", time: selector.changedAt)
        }
    }
}

extension StepReader {
    func dropStep(_ node: SourceNode) -> Step.Action? {
        value(of: DropKey.drop, node).flatMap { session.word($0, "'drop'", DropKind.self) }.map { .drop($0) }
    }

    /// A time, or `{ for: 10s, rate: 2KB/s }`.
    func stallStep(_ node: SourceNode) -> Step.Action? {
        guard let map = map(node, StallKey.self), let value = map.required(.stall) else { return nil }
        guard case .map = value.content else {
            return map.someTime(.stall).map { .stall(Stall(duration: $0, rate: nil)) }
        }
        guard let slow = MapReader<SlowReadingKey>(value, "'stall'", session) else { return nil }
        let duration = slow.required(.for).flatMap { _ in slow.someTime(.for) }
        let rate = slow.byteRate(.rate)
        return duration.map { .stall(Stall(duration: $0, rate: rate)) }
    }

    /// `onLoss:` of a step.
    ///
    /// - Parameter canRetry: The flow's last cause stands before the step, in the same list of steps.
    func lossPolicy(_ entry: SourceEntry, of action: Step.Action, canRetry: Bool) -> LossPolicy? {
        guard let policy = session.word(entry.value, "'onLoss'", LossPolicy.self) else { return nil }
        let place = session.source.place(of: entry.key)
        if case .emit(let emit) = action, emit.acknowledgement == nil {
            let message = "'emit' waits only for an acknowledgement, so that 'onLoss' means nothing here"
            session.report(.badValue, message, at: place, help: "add 'ack', or leave 'onLoss' out")
        } else if scope.site == .rejoin {
            let message = "when the connection falls here, all of 'rejoin' begins again with the next one"
            session.report(.badValue, message, at: place, help: "leave 'onLoss' out")
        } else if isReply {
            let message = "the steps of a reply go with their plan"
            session.report(.badValue, message, at: place, help: "write 'onLoss' at the plan")
        } else if !reconnects {
            let message = "nothing reconnects here, so that 'onLoss' means nothing"
            session.report(.badValue, message, at: place, help: "say how the group reconnects: 'reconnect: socket.io'")
        } else if policy == .retry {
            checkRetry(action, canRetry, at: place)
        }
        return policy
    }

    private func checkRetry(_ action: Step.Action, _ canRetry: Bool, at place: SourcePlace) {
        let since: Since?
        switch action {
        // It is its own cause.
        case .emit: return
        case .await(let step): since = step.since
        case .stream(let step): since = step.since
        case .plan(let step): since = step.since
        case .wait(let step): since = step.since
        default: since = nil
        }
        if since != nil {
            let message = "'retry' goes back to the last cause, and 'since' names another one"
            session.report(.badValue, message, at: place, help: "leave one of them out")
        } else if !canRetry {
            session.report(
                .noCause,
                "there is nothing to go back to and do again",
                at: place,
                help: "the last 'connect', 'emit', 'send' or 'http' has to stand before it in the same list of steps"
            )
        }
    }

    /// Steps after a reconnect only put things back: the flow goes on behind them.
    func checkRejoinStep(_ step: Step) {
        let message: String
        var help: String?
        switch step.action {
        case .connect: message = "the connection is open again when 'rejoin' begins"
        case .disconnect, .drop: message = "'rejoin' puts back what a lost connection took, and this takes the next"
        case .stream: (message, help) = ("a 'stream' belongs to the flow", "'await' what tells that the client is back")
        case .plan: (message, help) = ("a 'plan' belongs to the flow", "'await' what tells that the client is back")
        case .pace: (message, help) = ("a grid belongs to the flow", "use 'think' to wait")
        case .repeat(let loop):
            guard case .forever = loop.times else { return }
            message = "a client would never be back after a loop that never ends"
        case .emit, .send, .acknowledge, .http, .await, .think, .wait, .when, .choose, .set, .count, .fail, .fanout,
            .stall:
            return
        }
        session.report(.badValue, message, at: step.place, help: help)
    }
}

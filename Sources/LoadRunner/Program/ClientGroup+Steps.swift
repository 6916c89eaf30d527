package import Scenarios

extension ClientGroup {
    /// Calls the closure with every step, those inside others and those of handlers and `rejoin` included.
    func forEachStep(_ body: (Step) -> Void) {
        for step in flow + rejoin { step.forEach(body) }
        for handler in handlers {
            for step in handler.steps { step.forEach(body) }
        }
    }

    /// Some step keeps a pace, so that the load and not the server says how much is done.
    package var isPaced: Bool {
        var isPaced = false
        forEachStep { if case .pace = $0.action { isPaced = true } }
        return isPaced
    }

    /// Some step stops reading, one after a reconnect included.
    var stalls: Bool {
        var stalls = false
        forEachStep { if case .stall = $0.action { stalls = true } }
        return stalls
    }

    /// The event as the scenario names it: with its namespace, where that is not the target's.
    func name(of emit: Emit) -> String {
        emit.namespace > 0 ? "\(namespaces[emit.namespace]),\(emit.event)" : emit.event
    }
}

extension Step {
    /// Calls the closure with the step and every step inside it.
    func forEach(_ body: (Step) -> Void) {
        body(self)
        let inner: [Step] =
            switch action {
            case .plan(let plan): plan.reply
            case .repeat(let loop): loop.flow
            case .when(let when): when.flow + when.otherwise
            case .choose(let choices): choices.flatMap(\.flow)
            default: []
            }
        for step in inner { step.forEach(body) }
    }

    /// The step, or one inside it, answers where the server asks for an acknowledgement.
    var acknowledges: Bool {
        var answers = false
        forEach { if case .acknowledge = $0.action { answers = true } }
        return answers
    }
}

extension Step.Action {
    /// What the step's latency runs from, where it says so.
    var since: Since? {
        switch self {
        case .await(let step): step.since
        case .stream(let step): step.since
        case .plan(let step): step.since
        case .wait(let step): step.since
        default: nil
        }
    }
}

extension StepReader {
    /// What a latency can run from.
    static func isCause(_ action: Step.Action) -> Bool {
        switch action {
        case .connect, .emit, .send, .http: true
        case .disconnect, .acknowledge, .await, .stream, .plan, .think, .pace, .wait, .repeat, .when, .choose, .set,
            .count, .fail, .fanout, .drop, .stall:
            false
        }
    }

    /// Whether some step of these waits for something, so that a loop of them is no busy one.
    static func waits(_ steps: [Step], thinks: Bool) -> Bool {
        // A grid makes the sends of a loop wait, wherever in it the grid is said.
        let thinks = thinks || paces(steps)
        return steps.contains { step in
            switch step.action {
            case .connect, .http, .await, .stream, .plan, .think, .wait: true
            case .emit(let emit): thinks || emit.acknowledgement != nil
            case .send: thinks
            case .repeat(let loop): loop.every != nil || waits(loop.flow, thinks: thinks)
            case .when(let when): waits(when.flow, thinks: thinks) || waits(when.otherwise, thinks: thinks)
            case .choose(let choices): choices.contains { waits($0.flow, thinks: thinks) }
            case .fail: true
            case .disconnect, .acknowledge, .pace, .set, .count, .fanout, .drop, .stall: false
            }
        }
    }

    private static func paces(_ steps: [Step]) -> Bool {
        steps.contains { step in
            switch step.action {
            case .pace: true
            case .repeat(let loop): paces(loop.flow)
            case .when(let when): paces(when.flow) || paces(when.otherwise)
            case .choose(let choices): choices.contains { paces($0.flow) }
            default: false
            }
        }
    }

    /// Reports `onFailure:` at a step that cannot fail.
    func checkCanFail(_ action: Step.Action, _ name: String, at place: SourcePlace) {
        let message: String
        var help: String?
        switch action {
        case .connect, .http, .await, .stream, .plan, .wait, .fail: return
        case .emit, .send:
            if case .emit(let emit) = action, emit.acknowledgement != nil { return }
            guard !dialect.failsOnOverflow else { return }
            let waits = dialect.messageProtocol == .socketIO ? "where it waits for an acknowledgement, or " : ""
            message = "'\(name)' fails only \(waits)where the target says 'outbound: { overflow: fail }'"
            help =
                dialect.messageProtocol == .socketIO ? "add 'ack', or leave 'onFailure' out" : "leave 'onFailure' out"
        case .repeat, .when, .choose:
            message = "'\(name)' does not fail, its steps do"
            help = "write 'onFailure' at these steps, or at the group for all"
        case .acknowledge, .disconnect, .think, .pace, .set, .count, .fanout, .drop, .stall:
            message = "'\(name)' cannot fail, so that 'onFailure' means nothing here"
        }
        session.report(.badValue, message, at: place, help: help)
    }

    /// Steps of handlers never wait.
    func checkHandlerStep(_ step: Step) {
        let thing: String
        switch step.action {
        case .connect: thing = "'connect' waits"
        case .http: thing = "'http' waits for its response"
        case .await: thing = "'await' waits"
        case .stream: thing = "'stream' waits"
        case .plan: thing = "'plan' waits"
        case .think: thing = "'think' waits"
        case .pace: thing = "'pace' waits"
        case .wait: thing = "'wait' waits"
        case .emit(let emit) where emit.acknowledgement != nil: thing = "'ack' waits for the acknowledgement"
        case .repeat(let loop):
            switch loop.times {
            case .forever: thing = "'repeat: forever' never ends"
            case .duration: thing = "'repeat: { for: … }' takes its time"
            case .until: thing = "'repeat: { until: … }' may go on without end"
            case .count, .each:
                guard loop.every != nil else { return }
                thing = "'every' waits"
            }
        case .emit, .send, .acknowledge, .disconnect, .when, .choose, .set, .count, .fail, .fanout, .drop, .stall:
            return
        }
        session.report(
            .waitsInHandler,
            "\(thing), and a handler must not",
            at: step.place,
            help: "let the handler 'set' a variable and the flow do the rest"
        )
    }
}

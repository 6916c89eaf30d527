extension StepReader {
    /// What a latency can run from.
    static func isCause(_ action: Step.Action) -> Bool {
        switch action {
        case .connect, .emit, .http: true
        case .disconnect, .await, .stream, .plan, .think, .pace, .wait, .repeat, .when, .choose, .set, .count, .fail:
            false
        }
    }

    /// Whether some step of these waits for something, so that a loop of them is no busy one.
    static func waits(_ steps: [Step], thinks: Bool) -> Bool {
        steps.contains { step in
            switch step.action {
            case .connect, .http, .await, .stream, .plan, .think, .wait: true
            case .emit(let emit): thinks || emit.acknowledgement != nil
            case .repeat(let loop): waits(loop.flow, thinks: thinks)
            case .when(let when): waits(when.flow, thinks: thinks) || waits(when.otherwise, thinks: thinks)
            case .choose(let choices): choices.contains { waits($0.flow, thinks: thinks) }
            case .fail: true
            case .disconnect, .pace, .set, .count: false
            }
        }
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
            guard case .forever = loop.times else { return }
            thing = "'repeat: forever' never ends"
        case .emit, .disconnect, .when, .choose, .set, .count, .fail: return
        }
        session.report(
            .waitsInHandler,
            "\(thing), and a handler must not",
            at: step.place,
            help: "let the handler 'set' a variable and the flow do the rest"
        )
    }
}

import NIOCore

// What happens on the phones, step by step.
extension XenonDialect {
    /// How many selectors there are.
    private static var selectorCount: Int { 12 }

    mutating func step(at now: NIODeadline, output: inout DialectOutput) {
        if selectors.isEmpty { makeSelectors(at: now) }
        steps += 1
        if steps % 4 == 0 {
            let place = random.below(selectors.count)
            guard let change = selectors[place].next(random.below(100)) else { return }
            return apply(change, to: place, at: now, output: &output)
        }
        let place = random.below(phones.count)
        guard let session = phones[place].session else { return startSession(place, at: now, output: &output) }
        if session.commands > 0 {
            command(place, at: now, output: &output)
        } else {
            endSession(place, failure: nil, at: now, output: &output)
        }
    }

    private mutating func makeSelectors(at now: NIODeadline) {
        let strategies: [StaticString] = ["xpath", "id", "accessibility id"]
        for number in 0..<Self.selectorCount {
            let selector = XenonSelector(
                id: random.uuid(),
                strategy: strategies[number % strategies.count],
                selector: "//*[@text=\"Button \(number)\"]",
                at: clock.milliseconds(at: now)
            )
            selectors.append(selector)
        }
    }

    private mutating func startSession(_ place: Int, at now: NIODeadline, output: inout DialectOutput) {
        let time = clock.milliseconds(at: now)
        var session = XenonSession(
            id: random.uuid(),
            build: steps / 200,
            commands: random.within(3...8),
            isIntercepted: random.below(2) == 0
        )
        if Generation.isCurrent {
            block(place, session.id, at: now, output: &output)
            if random.below(4) == 0 {
                let fails = random.below(5) == 0
                session.recording = XenonRecording(
                    group: random.uuid(),
                    id: random.uuid(),
                    fails: fails,
                    startedAt: time
                )
            }
        }
        phones[place].session = session
        sendStarted(place, at: now, output: &output)
        if session.isIntercepted { sendIntercepted(.interceptorSessionStarted, place, at: now, output: &output) }
        if session.recording != nil { sendRecording(.recordingStarted, place, at: now, output: &output) }
    }

    private mutating func command(_ place: Int, at now: NIODeadline, output: inout DialectOutput) {
        guard let session = phones[place].session else { return }
        phones[place].session?.commands -= 1
        let healed = random.below(4) == 0 ? random.below(selectors.count) : nil
        sendCommand(place, healed: healed, at: now, output: &output)
        if let healed {
            sendHeal(place, healed: healed, at: now, output: &output)
            if let change = selectors[healed].healed { apply(change, to: healed, at: now, output: &output) }
        }
        if session.isIntercepted { sendRequest(place, at: now, output: &output) }
        guard session.recording != nil else { return }
        switch session.commands % 3 {
        case 1: sendRecording(.recordingBookmarkAdded, place, at: now, output: &output)
        case 2: sendRecording(.recordingAnnotationAdded, place, at: now, output: &output)
        default: break
        }
    }

    /// Ends the session of a phone, if there is one.
    mutating func endSession(
        _ place: Int,
        failure: StaticString?,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard let session = phones[place].session else { return }
        if let recording = session.recording {
            let fails = recording.fails || failure != nil
            sendRecording(fails ? .recordingFailed : .recordingStopped, place, at: now, output: &output)
        }
        if session.isIntercepted { sendIntercepted(.interceptorSessionStopped, place, at: now, output: &output) }
        let fails = failure ?? (random.below(10) == 0 ? "Element not found" : nil)
        sendStopped(place, failure: fails, at: now, output: &output)
        phones[place].session = nil
        guard Generation.isCurrent else { return }
        unblock(place, at: now, output: &output)
        if random.below(10) == 0 { sendBugReport(place, session.id, at: now, output: &output) }
    }

    private mutating func apply(
        _ change: XenonSelector.Change,
        to place: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        selectors[place].apply(change, at: clock.milliseconds(at: now))
        sendSelector(change, place, at: now, output: &output)
    }
}

import NIOCore

extension LeFluxDialect {
    /// How a task ends.
    enum End {
        case completed, aborted, refused, superseded, abandoned
    }

    /// Starts on a question.
    mutating func ask(_ message: String, of place: Int, at now: NIODeadline) -> LeFluxScript? {
        end(.superseded, place)
        guard var session = sessions[place] else { return nil }
        session.questions += 1
        session.remember(.visitor(message))
        session.lastSeen = now
        let script = LeFluxScript(seed: seed, session: session.hash, question: session.questions, faults: faults)
        session.task = LeFluxTask(script: script)
        sessions[place] = session
        counts.tasks.started += 1
        if session.socket == nil {
            hold(place, at: now)
        } else {
            schedule(place, at: now + pace.think)
        }
        return script
    }

    /// What `continue_task` asks for; without a task that waits for it, nothing.
    mutating func continueTask(of place: Int, output: inout DialectOutput) {
        guard let session = sessions[place], let task = session.task, let socket = session.socket,
            task.phase == .acting
        else { return }
        if task.plan >= Self.planLimit, !faults.ignoresPlanLimit {
            var event = EventWriter(event: LeFluxEvent.error.name)
            event.member(
                "message",
                string: "The task was stopped: it reached the limit of \(Self.planLimit) action plans."
            )
            output.send(.error, &event, to: socket)
            return end(.refused, place)
        }
        let isEndless = faults.ignoresPlanLimit || faults.cycle != nil
        if isEndless || task.plan < task.script.planCount {
            sendNextPlan(place, to: socket, output: &output)
        } else {
            complete(to: socket, summary: "done", message: "That is done.", output: &output)
            end(.completed, place)
        }
    }

    /// What `confirmation_response` says; without a question that waits for it, nothing.
    mutating func confirm(_ isConfirmed: Bool, _ place: Int, output: inout DialectOutput) {
        guard let session = sessions[place], let task = session.task, let socket = session.socket,
            task.phase == .confirming
        else { return }
        if isConfirmed {
            sendNextPlan(place, to: socket, output: &output)
        } else {
            complete(to: socket, summary: "aborted", message: "I left it as it was.", output: &output)
            end(.aborted, place)
        }
    }

    /// Goes on with an answer, or gives the task up if nobody came back for it.
    mutating func runTask(of place: Int, due: NIODeadline, at now: NIODeadline, output: inout DialectOutput) {
        guard let session = sessions[place], let task = session.task else { return }
        guard !task.isHeld, let socket = session.socket else { return end(.abandoned, place) }
        guard streamNext(place, to: socket, at: now, output: &output) else {
            return schedule(place, at: due + pace.interval)
        }
        finishStream(place, to: socket, output: &output)
    }

    /// Lets a task wait for its client.
    mutating func hold(_ place: Int, at now: NIODeadline) {
        guard sessions[place]?.task != nil else { return }
        sessions[place]?.task?.isHeld = true
        schedule(place, at: now + Self.holdTime)
    }

    /// Takes a held task up again for the socket that joined.
    mutating func resume(_ place: Int, to socket: SocketID, at now: NIODeadline, output: inout DialectOutput) {
        guard let task = sessions[place]?.task else { return }
        sessions[place]?.task?.isHeld = false
        sessions[place]?.token &+= 1
        switch task.phase {
        case .thinking:
            schedule(place, at: now + pace.think)
        case .streaming:
            replayStream(place, to: socket, output: &output)
            schedule(place, at: now + pace.interval)
        case .confirming:
            sendConfirmation(to: socket, output: &output)
        case .acting:
            counts.plans.resent += 1
            sendPlan(task.script.plan(task.plan), to: socket, output: &output)
        }
    }

    /// Forgets the task and whatever was due for it.
    mutating func end(_ end: End, _ place: Int) {
        guard let task = sessions[place]?.task else { return }
        sessions[place]?.task = nil
        sessions[place]?.token &+= 1
        if task.phase == .streaming { counts.streams.cut += 1 }
        switch end {
        case .completed: counts.tasks.completed += 1
        case .aborted: counts.tasks.aborted += 1
        case .refused: counts.tasks.refused += 1
        case .superseded: counts.tasks.superseded += 1
        case .abandoned: counts.tasks.abandoned += 1
        }
    }

    /// Sets the only timer of a session's task.
    private mutating func schedule(_ place: Int, at due: NIODeadline) {
        guard let token = sessions[place]?.token else { return }
        sessions[place]?.token = token &+ 1
        timers.push(.task(session: place, token: token &+ 1), at: due)
    }
}

// MARK: - What is said after the answer

extension LeFluxDialect {
    /// Ends the answer and turns to the task.
    private mutating func finishStream(_ place: Int, to socket: SocketID, output: inout DialectOutput) {
        guard let task = sessions[place]?.task else { return }
        sessions[place]?.remember(.server(task.script))
        counts.streams.completed += 1
        sendDone(task, to: socket, output: &output)
        sendExtra(task.script.extra, to: socket, output: &output)
        if task.script.asksConfirmation {
            sessions[place]?.task?.phase = .confirming
            counts.plans.confirmationsAsked += 1
            sendConfirmation(to: socket, output: &output)
        } else {
            sendNextPlan(place, to: socket, output: &output)
        }
    }

    private mutating func sendNextPlan(_ place: Int, to socket: SocketID, output: inout DialectOutput) {
        guard let task = sessions[place]?.task else { return }
        sessions[place]?.task?.phase = .acting
        sessions[place]?.task?.plan = task.plan + 1
        let plan = task.script.plan(task.plan + 1)
        counts.plans.sent += 1
        if plan.isSequence { counts.plans.sequence += 1 } else { counts.plans.single += 1 }
        sendPlan(plan, to: socket, output: &output)
    }

    private func sendPlan(_ plan: LeFluxPlan, to socket: SocketID, output: inout DialectOutput) {
        var event = EventWriter(event: LeFluxEvent.actionPlan.name, capacity: 448)
        plan.write(to: &event)
        output.send(.actionPlan, &event, to: socket)
    }

    private func sendExtra(_ extra: LeFluxScript.Extra, to socket: SocketID, output: inout DialectOutput) {
        switch extra {
        case .nothing:
            break
        case .message(let isQuestion):
            var event = EventWriter(event: LeFluxEvent.message.name)
            event.member("text", isQuestion ? "Shall I look for other sizes too?" : "Here is what I found.")
            if isQuestion { event.member("isQuestion", true) }
            output.send(.message, &event, to: socket)
        case .block:
            var event = EventWriter(event: LeFluxEvent.uiBlock.name)
            event.member("block_type", "product_card")
            event.beginObject("data")
            event.member("title", "Enamel mug")
            event.member("price", "€19.90")
            event.member("stock", 12)
            event.endObject()
            event.member("message", "This one fits.")
            output.send(.uiBlock, &event, to: socket)
        }
    }

    private func sendConfirmation(to socket: SocketID, output: inout DialectOutput) {
        var event = EventWriter(event: LeFluxEvent.confirmationRequired.name)
        event.member("message", "Place the order for you?")
        event.member("confirm_label", "Order")
        event.member("cancel_label", "Cancel")
        output.send(.confirmationRequired, &event, to: socket)
    }

    private func complete(
        to socket: SocketID,
        summary: StaticString,
        message: StaticString,
        output: inout DialectOutput
    ) {
        var event = EventWriter(event: LeFluxEvent.taskComplete.name)
        event.member("summary", summary)
        event.member("message", message)
        output.send(.taskComplete, &event, to: socket)
    }
}

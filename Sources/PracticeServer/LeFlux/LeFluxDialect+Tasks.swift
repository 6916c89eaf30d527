import NIOCore

extension LeFluxDialect {
    /// How a task ends.
    enum End {
        case completed, aborted, refused, failed, superseded, abandoned
    }

    /// Starts on a question, or takes the answer to one of the agent's own.
    mutating func ask(_ message: String, of place: Int, at now: NIODeadline) -> LeFluxScript? {
        let isAnswer = sessions[place]?.task?.phase == .asking
        if !isAnswer { end(.superseded, place) }
        guard var session = sessions[place] else { return nil }
        session.questions += 1
        session.remember(.visitor(message))
        session.lastSeen = now
        let script = LeFluxScript(
            seed: seed,
            session: session.hash,
            question: session.questions,
            wish: LeFluxWish(message: message, rules),
            faults: faults,
            rules
        )
        if isAnswer {
            session.task?.phase = .answered
        } else {
            session.task = LeFluxTask(script: script)
            counts.tasks.started += 1
        }
        sessions[place] = session
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
        if keepsFromLoops, task.loopGuard.isStuck {
            complete(to: socket, summary: "stopped", message: "I am getting nowhere with this.", output: &output)
            return end(.completed, place)
        }
        if task.plan >= Self.planLimit, !faults.ignoresPlanLimit {
            var event = EventWriter(event: LeFluxEvent.error.name)
            event.member(
                "message",
                string: "The task was stopped: it reached the limit of \(Self.planLimit) action plans."
            )
            output.send(.error, &event, to: socket)
            return end(.refused, place)
        }
        let isEndless = faults.ignoresPlanLimit || task.script.isEndless
        if isEndless || task.plan < task.script.planCount {
            sendNextPlan(place, to: socket, output: &output)
        } else {
            complete(to: socket, summary: "done", message: "That is done.", output: &output)
            end(.completed, place)
        }
    }

    /// Whether a task that gets nowhere is ended before it comes to the limit.
    private var keepsFromLoops: Bool { rules.isCurrent && !faults.ignoresPlanLimit && faults.cycle == nil }

    /// What `action_complete` and `sequence_complete` say: the plan that was sent last is done.
    mutating func report(of place: Int) {
        guard sessions[place]?.task?.phase == .acting else { return }
        sessions[place]?.task?.isReported = true
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
        if task.phase == .answered { return sendNextPlan(place, to: socket, output: &output) }
        if task.script.wish == .fail {
            sendError(to: socket, output: &output)
            return end(.failed, place)
        }
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
        case .thinking, .answered:
            schedule(place, at: now + pace.think)
        case .streaming:
            replayStream(place, to: socket, output: &output)
            schedule(place, at: now + pace.interval)
        case .confirming:
            sendConfirmation(to: socket, output: &output)
        case .asking:
            sendQuestion(to: socket, output: &output)
        case .acting:
            counts.plans.resent += 1
            sendPlan(task.script.plan(task.plan), to: socket, output: &output)
        }
    }

    /// Forgets the task and whatever was due for it.
    ///
    /// A client that reported the only plan, and asked for no other, has done what there was: its task is completed.
    mutating func end(_ end: End, _ place: Int) {
        guard let task = sessions[place]?.task else { return }
        sessions[place]?.task = nil
        sessions[place]?.token &+= 1
        if task.phase == .streaming { counts.streams.cut += 1 }
        let isDone = task.phase == .acting && task.plan == 1 && task.isReported
        switch isDone && (end == .superseded || end == .abandoned) ? .completed : end {
        case .completed: counts.tasks.completed += 1
        case .aborted: counts.tasks.aborted += 1
        case .refused: counts.tasks.refused += 1
        case .failed: counts.tasks.failed += 1
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
        } else if task.script.wish == .ask {
            sessions[place]?.task?.phase = .asking
            sendQuestion(to: socket, output: &output)
        } else {
            sendNextPlan(place, to: socket, output: &output)
        }
    }

    private mutating func sendNextPlan(_ place: Int, to socket: SocketID, output: inout DialectOutput) {
        guard let task = sessions[place]?.task else { return }
        sessions[place]?.task?.phase = .acting
        sessions[place]?.task?.plan = task.plan + 1
        let plan = task.script.plan(task.plan + 1)
        sessions[place]?.task?.isReported = false
        sessions[place]?.task?.loopGuard.note(plan.move)
        counts.plans.sent += 1
        if plan.isSequence { counts.plans.sequence += 1 } else { counts.plans.single += 1 }
        sendPlan(plan, to: socket, output: &output)
    }
}

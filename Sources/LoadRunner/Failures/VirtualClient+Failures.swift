import Metrics
import NIOCore
import Scenarios
import Wire

/// What is kept of a client that failed: `--keep-failures`.
extension VirtualClient {
    /// Something failed: the tape gets it, and a place where there is one for it.
    ///
    /// Its recording goes there with `handOverTape`, when what follows from the failure at once is on it too.
    func noteFailure(_ kind: String, _ example: @autoclosure () -> String, at now: NIODeadline) {
        guard let tape, tape.isRecording else { return }
        // What the generator itself ran out of is no failure of the target's.
        guard !kind.hasPrefix("generator.") else { return }
        let step = failingStep
        tape.append(.error("\(kind) in `\(step)`: \(example())"), at: now)
        guard tape.reservation == nil, let failures = worker.failures else { return }
        let failure = FailureKind(group: program.group.name, kind: kind, step: step)
        guard let admission = failures.admit(failure) else { return }
        tape.reservation = FailureReservation(kind: failure, admission: admission)
    }

    /// The same where nothing follows from it: the client goes on.
    func keepFailure(_ kind: String, _ example: @autoclosure () -> String, at now: NIODeadline) {
        // Part of a failure whose consequences are still going on.
        guard let tape, tape.reservation == nil else { return }
        noteFailure(kind, example(), at: now)
        handOverTape()
    }

    /// The client goes on after a failure, or has ended: its recording goes where failures are kept.
    ///
    /// - Parameter isOver: The client has ended; nobody needs its tape any more.
    func handOverTape(isOver: Bool = false) {
        guard let tape else { return }
        defer { if isOver { tape.release() } }
        guard tape.isRecording, let reservation = tape.reservation else { return }
        let target = program.group.target
        worker.failures?.keep(
            KeptClient(
                failure: KeptClient.Failure(
                    kind: reservation.kind,
                    place: reservation.admission.place,
                    number: reservation.admission.number
                ),
                group: program.group.name,
                slot: slot,
                generation: generation,
                startEpochMilliseconds: worker.epochMilliseconds(at: tape.beganAt),
                server: worker.server(of: program.number),
                messageProtocol: target.messageProtocol,
                content: tape.take(),
                secrets: namedSecrets
            )
        )
    }

    /// Where a handshake would have gone that did not go out.
    var missedOpening: RecordedOpening {
        let target = program.group.target
        let isSocketIO = target.messageProtocol == .socketIO
        let isPolling = isSocketIO && target.transports != .webSocket
        let server = worker.server(of: program.number)
        return RecordedOpening(
            url: isPolling ? server : "ws\(server.dropFirst(4))",
            path: isSocketIO ? "\(target.path)?EIO=4&transport=\(isPolling ? "polling" : "websocket")" : target.path,
            transport: isPolling ? .polling : .webSocket,
            status: nil
        )
    }

    /// The step that runs, as the trace words it.
    private var failingStep: String {
        switch waiting {
        case .connection: return "connect"
        case .recovery: return "reconnect"
        default: break
        }
        if let task, !isHandling, task.isReplying == false { return "plan \(task.operation.step.name)" }
        return program.code[address].traceText ?? "a step"
    }

    /// The values of the client's own that are named like secrets: what was said of them may have been left out.
    private var namedSecrets: [String] {
        var secrets: [JSONValue] = []
        for variable in program.group.variables where SecretNames.isSecret(variable.name) {
            secrets.append(values.variables[variable.slot])
        }
        program.group.forEachCapture { capture in
            if SecretNames.isSecret(capture.name) { secrets.append(values.variables[capture.slot]) }
        }
        for (feed, row) in zip(worker.feeds, values.rows) {
            for (column, value) in zip(feed.columns, row) where SecretNames.isSecret(column) { secrets.append(value) }
        }
        return secrets.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
}

extension VirtualClient {
    /// A task ended as none should, though no step failed.
    func keepFailure(_ outcome: PlanOutcome, of run: PlanRun, at now: NIODeadline) {
        let cycle = run.tracker.cycle.map { ", the last of them \($0.repeats) times \($0.text)" } ?? ""
        keepFailure(
            "plan.\(outcome.name)",
            "task \(run.operation.step.name) had \(run.tracker.plans) plans\(cycle)",
            at: now
        )
    }

    /// A stream came to its end and is broken.
    func keepFailure(_ flaw: StreamTracker.Flaw, of outcome: StreamTracker.Outcome, _ operation: StreamOperation) {
        var counts = ["\(outcome.chunks) chunks"]
        if outcome.missing > 0 { counts.append("\(outcome.missing) missing") }
        if outcome.duplicated > 0 { counts.append("\(outcome.duplicated) duplicated") }
        if outcome.reordered > 0 { counts.append("\(outcome.reordered) reordered") }
        keepFailure(
            "stream.\(flaw)",
            "stream \(operation.step.name) is broken: \(counts.joined(separator: ", "))",
            at: .now()
        )
    }
}

extension ClientGroup {
    /// Calls the closure with everything that steps copy out of messages.
    fileprivate func forEachCapture(_ body: (Capture) -> Void) {
        forEachStep { step in
            switch step.action {
            case .emit(let emit): emit.acknowledgement?.capture.forEach(body)
            case .http(let request): request.capture.forEach(body)
            case .await(let wait): wait.capture.forEach(body)
            default: break
            }
        }
    }
}

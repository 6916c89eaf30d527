import Metrics
import NIOCore
import Scenarios

/// What the client does.
extension ReplayClient {
    /// Whether the action cannot be done any more, for its connection is gone: what became of that has been told.
    func isInVain(_ action: ReplayProgram.Action) -> Bool {
        switch action.work {
        case .emit, .send, .sendBinary, .acknowledge, .close: links[action.script.link]?.isOver ?? true
        case .open, .request, .nothing, .end: false
        }
    }

    /// Whether the action can be done now; otherwise its connection says when.
    func hold(_ action: ReplayProgram.Action, at now: NIODeadline) -> Bool {
        switch action.work {
        case .emit, .send, .sendBinary, .acknowledge, .close:
            guard let link = links[action.script.link], !link.isReady else { return true }
            isHeldUp = true
            // What was written is handed to the socket only when this code has returned; then there may be room.
            if link.isConnected { set(.step, at: now + TimerWheel.tick) }
            return false
        case .open, .request, .nothing, .end:
            return true
        }
    }

    /// Gives the variables their values that have one from the action on.
    func assign(_ action: ReplayProgram.Action) {
        for assignment in action.assignments {
            values.variables[assignment.slot] = assignment.value.value(&values, event: nil)
        }
    }

    /// - Parameter isPrompted: What it follows upon has come.
    func perform(_ action: ReplayProgram.Action, number: Int, isPrompted: Bool, at now: NIODeadline) {
        assign(action)
        let group = replay.links[action.script.link].number
        let link = links[action.script.link]
        var isDone = true
        switch action.work {
        case .open:
            link?.leave()
            let link = worker.seat { ReplayLink(client: self, number: action.script.link, opening: number, seat: $0) }
            links[action.script.link] = link
            link.open(at: now)
        case .request(let operation):
            request(operation, of: action, number: number, at: now)
        case .close: link?.leave()
        case .emit, .send, .sendBinary, .acknowledge:
            isDone = link?.send(action, number: number, at: now) ?? false
        case .nothing, .end: return
        }
        if !isDone {
            recorder.add(.unsent, of: nil, group: group)
        } else if !isPrompted {
            recorder.add(.unprompted, of: nil, group: group)
        }
    }

    private func request(_ operation: HTTPOperation, of action: ReplayProgram.Action, number: Int, at now: NIODeadline)
    {
        let program = replay.links[action.script.link]
        let body = action.script.body.map { (bytes: $0.bytes, type: $0.contentType) }
        let rendered = RenderedRequest(operation.request, program, worker, cookies, &values, event: nil, body: body)
        guard let rendered else {
            fail("script", "the path of a request has become neither a path nor a URL", group: program.number, at: now)
            return
        }
        if let trace = worker.trace { trace.sent(rendered.title.utf8, of: name, at: now) }
        let request = ReplayRequest(client: self, action: number, operation: operation, rendered, program)
        requests.append(request)
        request.send(at: now)
    }

    var name: String { "replay#\(slot).\(generation)" }

    /// Something failed that did not in the recording.
    func fail(_ kind: String, _ example: @autoclosure () -> String, group: Int, at now: NIODeadline) {
        hasFailed = true
        recorder.error(kind, group: group, at: worker.second(at: now), example: example())
        worker.trace?.note("✗ \(kind): \(example())", of: name, at: now)
    }
}

import NIOCore
import Wire

// How artifacts come, and what is broadcast of them.
extension FlockDialect {
    /// `POST /api/plugin/control/publish` and `GET /health`.
    mutating func respond(
        to request: DialectRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse {
        switch (request.path, request.method) {
        case ("/health", "GET"): Self.response("GET /health", 200) { $0.member("status", "ok") }
        case ("/api/plugin/control/publish", "POST"): publish(request.body, at: now, output: &output)
        case ("/health", _), ("/api/plugin/control/publish", _): Self.failure("other", 405, "Method Not Allowed")
        default: Self.failure("other", 404, "Not Found")
        }
    }

    private mutating func publish(
        _ body: JSONPayload?,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse {
        let route = "POST /api/plugin/control/publish"
        guard let body, body.isObject else { return Self.failure(route, 422, "The body is no JSON object.") }
        guard let name = body.string("artifact_type"), !name.isEmpty else {
            return Self.failure(route, 400, "artifact_type is required.")
        }
        guard let content = body.member("content"), body.kind("content") != .null else {
            return Self.failure(route, 400, "content is required.")
        }
        guard let type = FlockAgent.type(name) else {
            return Self.failure(route, Generation.invalidStatus, "Unknown artifact type '\(name)'.")
        }
        guard content.string("text") != nil, let text = content.text else {
            return Self.failure(route, Generation.invalidStatus, "Validation error: \(type) has a text.")
        }
        let run = start(type, String(buffer: text), fails: content.bool("fail") == true, at: now, output: &output)
        return Self.response(route, 200) {
            $0.member("correlation_id", string: run.correlationID)
            $0.member("published_at", string: ISOTime.text(clock.milliseconds(at: now)))
        }
    }

    private mutating func start(
        _ type: String,
        _ content: String,
        fails: Bool,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> FlockRun {
        counts.started += 1
        var run = FlockRun(
            seed: seed,
            number: counts.started,
            type: type,
            content: content,
            fails: fails,
            chunks: faults.chunks,
            at: now
        )
        run.steps = Generation.steps(of: run)
        if wrongOrder.pick(fit: run.agent != nil) { misorder(&run) }
        graph.count(type)
        runs[run.number] = run
        timers.push(.run(run.number), at: now)
        return run
    }

    /// Lets a run end before its last output.
    private func misorder(_ run: inout FlockRun) {
        guard let end = run.steps.popLast() else { return }
        run.steps.insert(end, at: run.steps.lastIndex(where: \.isOutput) ?? run.steps.endIndex)
    }

    /// Broadcasts what is due of a run.
    mutating func advance(_ number: Int, due: NIODeadline, at now: NIODeadline, output: inout DialectOutput) {
        guard var run = runs[number] else { return }
        repeat {
            broadcast(run.steps[run.next], of: &run, at: now, output: &output)
            run.next += 1
        } while run.next < run.steps.count && run.steps[run.next].delay(pace) == .zero
        guard run.next < run.steps.count else {
            counts.completed += 1
            runs[number] = nil
            return
        }
        runs[number] = run
        timers.push(.run(number), at: max(due, now - .milliseconds(100)) + run.steps[run.next].delay(pace))
    }

    private mutating func broadcast(
        _ step: FlockStep,
        of run: inout FlockRun,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        account(for: step, of: &run, at: now)
        let time = ISOTime.text(clock.milliseconds(at: now))
        let (event, message) = Generation.message(step, of: run, graph, time: time, at: now)
        for member in pool {
            let delivery = DeliveryFaults.Delivery(
                member: member,
                event: event,
                message: message,
                order: run.number
            )
            deliveries.deliver(delivery, at: now, output: &output)
        }
    }

    private mutating func account(for step: FlockStep, of run: inout FlockRun, at now: NIODeadline) {
        guard let agent = run.agent else { return }
        switch step {
        case .started:
            run.startedAt = now
            graph.begin(agent)
        case .produced: graph.count(agent.produces)
        case .failed where run.steps.last == .completed: break
        case .completed, .failed:
            graph.end(agent)
            // The chunk that should have been before is still to come.
            if run.next + 1 < run.steps.count { counts.misordered += pool.count }
        case .published, .graph, .chunk, .closing: break
        }
    }

    private static func failure(_ route: String, _ status: Int, _ detail: String) -> DialectResponse {
        response(route, status) { $0.member("detail", string: detail) }
    }

    private static func response(
        _ route: String,
        _ status: Int,
        _ write: (inout EventWriter) -> Void
    ) -> DialectResponse {
        var body = EventWriter(objectWithCapacity: 128)
        write(&body)
        return DialectResponse(route: route, status: status, body: body.finishObject())
    }
}

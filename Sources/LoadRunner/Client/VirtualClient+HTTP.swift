import Metrics
import NIOCore
import NIOHTTP1
import Scenarios
import Wire

extension VirtualClient: HTTPCaller {
    /// Sends a request beside the socket and waits for its answer.
    func request(_ operation: HTTPOperation, at now: NIODeadline) {
        let rendered = withEvent(lastEvent) {
            RenderedRequest(operation.request, program, worker, cookies, &values, event: $0)
        }
        guard let rendered else {
            waiting = .response(operation)
            let path = withEvent(lastEvent) { operation.request.path.text(&values, event: $0) }
            fail("script", "`\(path)` is neither a path nor a URL of http or https", at: now)
            return
        }
        if let trace = worker.trace { trace.sent(rendered.title.utf8, of: name, at: now) }
        let request = HTTPExchange(
            head: rendered.head,
            body: rendered.body,
            place: rendered.place,
            timeout: operation.wait.within,
            limits: program.group.target.limits,
            caller: self
        )
        waiting = .response(operation)
        pendingRequest = request
        tape?.asks(request, of: worker.server(of: program.number), at: now)
        set(.step, at: now + operation.wait.within)
        worker.http.send(request)
    }

    /// The answer is there.
    func responded(_ head: HTTPResponseHead, _ body: ByteBuffer, at now: NIODeadline) {
        guard case .response(let operation) = waiting else { return }
        let isFromTarget = pendingRequest?.place.isTarget ?? false
        pendingRequest = nil
        tape?.answered(head, body, at: now)
        if let trace = worker.trace {
            let text = "HTTP \(head.status.code) \(Self.text(of: body))"
            trace.received(text.utf8, of: name, at: now)
        }
        if isFromTarget {
            for cookie in head.headers["Set-Cookie"] { cookies.set(cookie) }
        }
        let status = Int(head.status.code)
        let step = operation.request
        let isFine = (200..<400).contains(status) && HTTPRedirect.sentence(head) == nil
        guard step.expect.map({ $0 == status }) ?? isFine else {
            let said = HTTPRedirect.sentence(head) ?? "\(step.method) answered \(status): \(Self.text(of: body))"
            fail("http.\(status)", said, at: now)
            return
        }
        if program.group.readsEvent || !operation.wait.capture.isEmpty {
            let isRead = body.withUnsafeReadableBytes { bytes in
                guard (try? JSONScanner.validate(bytes)) != nil else { return operation.wait.capture.isEmpty }
                let whole = 0..<bytes.count
                take(EventView(bytes: bytes, first: whole, list: whole, skipped: 0), capture: operation.wait.capture)
                return true
            }
            guard isRead else {
                fail("expect", "the answer to \(step.method) is no JSON, so that nothing can be captured", at: now)
                return
            }
        }
        succeed(operation.wait, at: now)
        complete(closesWindow: false, at: now)
    }

    /// There will be no answer.
    func requestFailed(_ kind: String, _ example: String, at now: NIODeadline) {
        guard case .response = waiting else { return }
        pendingRequest = nil
        fail(kind, example, at: now)
    }

    /// An answer's body for an example or a trace, which cut it when its secrets are out.
    private static func text(of body: ByteBuffer) -> String {
        String(decoding: body.readableBytesView.prefix(64 * 1024), as: UTF8.self)
    }

    private func withEvent<Result>(_ event: StoredEvent?, _ body: (EventView?) -> Result) -> Result {
        if let event { event.withView { body($0) } } else { body(nil) }
    }
}

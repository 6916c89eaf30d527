import Metrics
import NIOCore
import NIOHTTP1
import Scenarios
import Wire

/// A request of a replay that waits for its answer.
final class ReplayRequest: HTTPCaller, SeatedClient {
    private let client: ReplayClient
    let action: Int
    private let operation: HTTPOperation
    private let program: Program
    private let isToTarget: Bool
    private var exchange: HTTPExchange?
    private(set) var seat = 0

    init(
        client: ReplayClient,
        action: Int,
        operation: HTTPOperation,
        _ rendered: RenderedRequest,
        _ program: Program
    ) {
        self.client = client
        self.action = action
        self.operation = operation
        self.program = program
        isToTarget = rendered.place.isTarget
        exchange = HTTPExchange(
            head: rendered.head,
            body: rendered.body,
            place: rendered.place,
            timeout: operation.wait.within,
            limits: program.group.target.limits,
            caller: self
        )
    }

    var worker: Worker { client.worker }

    func send(at now: NIODeadline) {
        guard let exchange else { return }
        _ = worker.seat { seat in
            self.seat = seat
            return self
        }
        set(.step, at: now + operation.wait.within)
        worker.http.send(exchange)
    }

    /// Nobody wants to know any more.
    func cancel() {
        guard let exchange = exchange.take() else { return }
        exchange.cancel()
        cancel(.step)
        worker.unseat(self)
    }

    func timerFired(_ timer: ClientTimer, at now: NIODeadline) {
        guard let exchange else { return }
        exchange.cancel()
        ended("timeout", "no \(operation.wait.subject) within \(operation.wait.within)", at: now)
    }

    func leave(at now: NIODeadline) {}
    func cut(at now: NIODeadline) {}

    // MARK: HTTPCaller

    func responded(_ head: HTTPResponseHead, _ body: ByteBuffer, at now: NIODeadline) {
        if let trace = worker.trace {
            let text =
                "HTTP \(head.status.code) \(String(decoding: body.readableBytesView.prefix(64 * 1024), as: UTF8.self))"
            trace.received(text.utf8, of: client.name, at: now)
        }
        if isToTarget {
            for cookie in head.headers["Set-Cookie"] { client.cookies.set(cookie) }
        }
        let status = Int(head.status.code)
        if let expected = operation.request.expect, expected != status {
            let method = operation.request.method
            return ended(
                "http.\(status)",
                "\(method) was answered \(status), and \(expected) in the recording",
                at: now
            )
        }
        guard finish() else { return }
        guard let answer = client.replay.actions[action].answer else {
            return client.receivedUnknown(on: client.replay.actions[action].script.link)
        }
        body.withUnsafeReadableBytes { bytes in
            let whole = 0..<bytes.count
            let isJSON = (try? JSONScanner.validate(bytes)) != nil
            let view = EventView(bytes: bytes, first: whole, list: whole, skipped: 0)
            client.arrived(answer, isJSON ? view : nil, at: now)
        }
    }

    func requestFailed(_ kind: String, _ example: String, at now: NIODeadline) {
        ended(kind, example, at: now)
    }

    private func ended(_ kind: String, _ example: String, at now: NIODeadline) {
        guard finish() else { return }
        // Where the recording has no answer either, all is as it was.
        if client.replay.actions[action].answer != nil {
            client.fail(kind, example, group: program.number, at: now)
        }
        client.goOn(at: now)
    }

    /// - Returns: False where it had ended already.
    private func finish() -> Bool {
        guard exchange.take() != nil else { return false }
        cancel(.step)
        worker.unseat(self)
        client.requests.removeAll { $0 === self }
        return true
    }
}

import Foundation
import Metrics
import NIOCore
import NIOHTTP1

/// Pushes figures to a collector, on an event loop of its own.
final class ExportLoop {
    /// The bodies of one push, in order.
    private struct Push {
        var bodies: [[UInt8]]
        var isLast: Bool
    }

    /// What of an answer's body is read.
    private static let answerLimit = 65_536

    private let settings: ExportSettings
    private let eventLoop: any EventLoop
    private let client: EndpointClient
    private let note: (ExportReport) -> Void
    private var queue = ExportQueue<Push>()
    private var report = ExportReport() {
        didSet { note(report) }
    }
    private var timer: Scheduled<Void>?
    /// When the last figures are given up; nil as long as the run goes on.
    private var deadline: NIODeadline?
    private var hasTriedLast = false
    /// Nobody waits for the last figures to be taken.
    private var isInterrupted = false
    private var whenOver: EventLoopPromise<Void>?

    /// - Parameter note: Told how it went so far, whenever that changes.
    init(
        _ settings: ExportSettings,
        eventLoop: any EventLoop,
        client: EndpointClient,
        note: @escaping (ExportReport) -> Void
    ) {
        self.settings = settings
        self.eventLoop = eventLoop
        self.client = client
        self.note = note
    }

    /// Pushes figures as soon as the ones before have gone, unless newer ones come first.
    func put(_ figures: OTLPFigures, isLast: Bool = false) {
        do {
            let bodies = try figures.bodies(of: settings.resource)
            queue.put(Push(bodies: bodies, isLast: isLast))
        } catch {
            report.failed += 1
            report.reason = "\(error)"
        }
        go()
    }

    /// Pushes the last figures.
    ///
    /// - Returns: Done when they are taken or given up, after `ExportSettings.lastTime` at the latest.
    func end(with figures: OTLPFigures) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        whenOver = promise
        let deadline = NIODeadline.now() + TimeAmount(settings.lastTime)
        self.deadline = deadline
        eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.giveUp("it took too long") }
        put(figures, isLast: true)
        if isInterrupted { interrupt() }
        return promise.futureResult
    }

    /// Waits no longer for the last figures to be taken.
    func interrupt() {
        isInterrupted = true
        guard whenOver != nil else { return }
        report.reason = "the wait for it was interrupted"
        giveUp(nil)
    }

    private func go() {
        timer?.cancel()
        timer = nil
        switch queue.step(at: .now()) {
        case .send(let push): send(push, from: 0)
        case .wait(let time):
            if let deadline {
                // A collector that has never taken anything gets one try at the end, and is not waited for.
                if report.taken == 0, !hasTriedLast {
                    hasTriedLast = true
                    queue.hurry()
                    return go()
                }
                if report.taken == 0 || time >= deadline { return giveUp(nil) }
            }
            timer = eventLoop.assumeIsolated().scheduleTask(deadline: time) { self.go() }
        case .idle:
            if queue.isEmpty { whenOver.take()?.succeed() }
        }
    }

    private func send(_ push: Push, from place: Int) {
        if push.isLast { hasTriedLast = true }
        guard place < push.bodies.count else {
            queue.settled()
            return go()
        }
        client.send(
            .POST,
            headers: ["Content-Type": "application/json", "Accept": "application/json"],
            body: ByteBuffer(bytes: push.bodies[place]),
            limit: Self.answerLimit,
            timeout: TimeAmount(settings.timeout)
        ) { result in
            switch result {
            case .failure(let failure):
                self.report.failed += 1
                self.report.reason = failure.text
                self.queue.failed(at: .now())
                self.go()
            case .success(let answer):
                self.answered(answer, push, place)
            }
        }
    }

    private func answered(_ answer: EndpointClient.Answer, _ push: Push, _ place: Int) {
        let status = answer.head.status
        switch status.code {
        case 200..<300:
            let said = OTLPAnswer(answer.body)
            var report = report
            report.taken += 1
            if said.rejected >= report.rejected, !said.message.isEmpty { report.message = said.message }
            report.rejected = max(report.rejected, said.rejected)
            if push.isLast, place == push.bodies.count - 1 { report.isWhole = true }
            self.report = report
            send(push, from: place + 1)
        case 429, 502, 503, 504:
            refused(answer)
            let delay = answer.head.headers.first(name: "Retry-After").flatMap { RetryAfter.delay($0, now: Date()) }
            queue.failed(at: .now(), retryAfter: delay)
            go()
        default:
            // Sent again it would be turned down again; the figures of the next push may not be.
            refused(answer)
            queue.settled()
            go()
        }
    }

    private func refused(_ answer: EndpointClient.Answer) {
        let status = answer.head.status
        let reason = OTLPAnswer.reason(answer.body)
        var report = report
        report.failed += 1
        report.reason =
            "the answer was \(EndpointFailure.words(status))" + (reason.isEmpty ? "" : ", \(reason)")
        self.report = report
    }

    /// Leaves what was not taken.
    private func giveUp(_ reason: String?) {
        guard let promise = whenOver.take() else { return }
        if let reason, report.reason.isEmpty { report.reason = reason }
        client.close()
        timer?.cancel()
        timer = nil
        promise.succeed()
    }
}

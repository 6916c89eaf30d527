import Metrics
import NIOCore

/// Asks servers for their metrics at the end of each second of the run, on an event loop of its own.
final class ScrapeLoop {
    private let targets: [ScrapeTarget]
    private let eventLoop: any EventLoop
    private let clock: RunClock
    private let outbox: ScrapeOutbox
    private var timer: Scheduled<Void>?
    private var ending: EventLoopPromise<Void>?
    private var isEnding = false

    init(_ targets: [ScrapeTarget], eventLoop: any EventLoop, clock: RunClock, outbox: ScrapeOutbox) {
        self.targets = targets
        self.eventLoop = eventLoop
        self.clock = clock
        self.outbox = outbox
    }

    /// Reads once before the load begins, which is what counters count from; then on and on.
    func start() {
        read(second: -1)
        schedule(second: 0)
    }

    /// Reads once more, so that what the last clients did is seen.
    ///
    /// - Returns: Done when that is over.
    func end() -> EventLoopFuture<Void> {
        timer?.cancel()
        let promise = eventLoop.makePromise(of: Void.self)
        ending = promise
        endIfFree()
        return promise.futureResult
    }

    func close() {
        timer?.cancel()
        for target in targets { target.close() }
    }

    private func schedule(second: Int) {
        let deadline = clock.start + .seconds(Int64(second) + 1)
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            guard let self, ending == nil else { return }
            read(second: second)
            // Seconds that have gone by meanwhile are left out.
            schedule(second: max(second + 1, clock.second(at: .now())))
        }
    }

    private func read(second: Int) {
        for number in targets.indices where !targets[number].isBusy {
            let target = targets[number]
            let time = Double((NIODeadline.now() - clock.start).nanoseconds) / 1e9
            target.read(at: time) { [weak self] rows in
                guard let self else { return }
                outbox.add(rows, second: second, of: number, target.report)
                endIfFree()
            }
        }
    }

    private func endIfFree() {
        guard ending != nil, !targets.contains(where: \.isBusy) else { return }
        if isEnding {
            ending.take()?.succeed()
        } else {
            isEnding = true
            read(second: clock.second(at: .now()))
        }
    }
}

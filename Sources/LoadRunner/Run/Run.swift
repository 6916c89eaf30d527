import Metrics
import NIOCore
import NIOPosix
import Scenarios
import Synchronization

/// One run of a scenario: resolves its targets, starts the workers, collects what they measure, and waits for the end.
package final class Run: Sendable {
    private let configuration: RunConfiguration
    /// How to end the run early, once it goes on.
    private let control = Mutex(Control())

    private struct Control {
        var ending = RunResult.Ending.complete
        var drain: (@Sendable (_ graceful: Bool) -> Void)?
    }

    /// Workers start this long after they are made, so that all are there.
    private static let startDelay = TimeAmount.milliseconds(50)

    package init(_ configuration: RunConfiguration) {
        self.configuration = configuration
    }

    /// Starts nobody any more; who runs may finish within the scenario's grace.
    package func interrupt() {
        end(.interrupted, graceful: true)
    }

    /// Runs the scenario to its end.
    ///
    /// - Throws: `RunError` where the run cannot begin.
    package func execute(_ observer: any RunObserver) async throws -> RunResult {
        let scenario = try configuration.readScenario()
        let targets = try await TargetResolver.resolve(scenario, configuration.startPractice)
        do {
            let result = try await execute(scenario, targets, observer)
            await targets.stop()
            return result
        } catch {
            await targets.stop()
            throw error
        }
    }

    private func execute(
        _ scenario: Scenario,
        _ targets: TargetResolver.Targets,
        _ observer: any RunObserver
    ) async throws -> RunResult {
        let threads = max(1, configuration.threads)
        var table = MetricTable(groups: scenario.groups.map(\.name), events: scenario.events)
        _ = ProgramBuilder.programs(of: scenario, registeringIn: &table)
        let clock = RunClock(startingIn: Self.startDelay)
        let outbox = SnapshotOutbox()
        let loops = LoopOutbox()
        let trace = configuration.trace.map { Trace(clock: clock, write: $0) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        var workers: [WorkerHandle] = []
        for number in 0..<threads {
            let plan = WorkerPlan(
                number: number,
                workers: threads,
                seed: configuration.seed,
                scenario: try configuration.readScenario(),
                table: table,
                destinations: targets.destinations,
                clock: clock,
                outbox: outbox,
                loops: loops,
                trace: trace
            )
            workers.append(try await WorkerHandle.start(plan, on: group.next()))
        }
        prepareEnding(of: workers, grace: scenario.grace)
        try observer.started(
            RunStart(epochMilliseconds: clock.startEpochMilliseconds, targets: targets.shown, table: table)
        )
        var collection = RunCollection(
            collector: Collector(
                table: table,
                workers: threads,
                phaseNames: scenario.load.phases.map(\.name),
                startEpochMilliseconds: clock.startEpochMilliseconds
            ),
            outbox: outbox,
            loops: loops,
            usage: UsageProbe()
        )
        try await follow(workers, clock, observer, &collection)
        let seconds = Double((NIODeadline.now() - clock.start).nanoseconds) / 1e9
        collection.finish(observer, busiest: await WorkerHandle.busiest(workers))
        let reached = await WorkerHandle.reachedTarget(workers)
        try await group.shutdownGracefully()
        return RunResult(
            totals: collection.collector.totals,
            ending: control.withLock { $0.ending },
            reachedTarget: reached,
            loops: collection.tally,
            seconds: seconds
        )
    }

    /// Collects once a second, until every worker is done.
    private func follow(
        _ workers: [WorkerHandle],
        _ clock: RunClock,
        _ observer: any RunObserver,
        _ collection: inout RunCollection
    ) async throws {
        while collection.outbox.finishedWorkers < workers.count {
            // Short sleeps, so that the end of a run is seen at once; seconds come from the workers.
            try await Task.sleep(for: .milliseconds(100))
            collection.collect(observer)
            let seconds = Double((NIODeadline.now() - clock.start).nanoseconds) / 1e9
            if let check = observer.abortion(totals: collection.collector.totals, after: seconds) {
                end(.aborted(check), graceful: false)
            }
        }
    }

    private func prepareEnding(of workers: [WorkerHandle], grace: Duration) {
        let ending = control.withLock { control in
            control.drain = { graceful in
                for worker in workers { worker.drain(within: graceful ? TimeAmount(grace) : .zero) }
            }
            return control.ending
        }
        if ending != .complete { end(ending, graceful: true) }
    }

    private func end(_ ending: RunResult.Ending, graceful: Bool) {
        let drain = control.withLock { control in
            if control.ending == .complete { control.ending = ending }
            return control.drain
        }
        drain?(graceful)
    }
}

/// A worker as others than its event loop see it.
struct WorkerHandle: Sendable {
    private let worker: NIOLoopBound<Worker>
    private let eventLoop: any EventLoop

    static func start(_ plan: WorkerPlan, on eventLoop: any EventLoop) async throws -> WorkerHandle {
        try await eventLoop.submit {
            let worker = Worker(plan, eventLoop: eventLoop)
            worker.start()
            return WorkerHandle(worker: NIOLoopBound(worker, eventLoop: eventLoop), eventLoop: eventLoop)
        }.get()
    }

    func drain(within time: TimeAmount) {
        eventLoop.execute { worker.value.drain(within: time) }
    }

    /// The part of one core that the busiest worker used.
    static func busiest(_ workers: [WorkerHandle]) async -> Double {
        var busiest = 0.0
        for handle in workers {
            let busy = try? await handle.eventLoop.submit { handle.worker.value.busy }.get()
            busiest = max(busiest, busy ?? 0)
        }
        return busiest
    }

    static func reachedTarget(_ workers: [WorkerHandle]) async -> Bool {
        for handle in workers {
            if (try? await handle.eventLoop.submit { handle.worker.value.reachedTarget }.get()) == true { return true }
        }
        return false
    }
}

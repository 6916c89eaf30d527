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
        /// No client is left: how the run ended is known.
        var isOver = false
        var exporter: MetricExporter?
        var drain: (@Sendable (_ graceful: Bool) -> Void)?
        var commands: FaultCommands?
    }

    /// Workers start this long after they are made, so that all are there.
    private static let startDelay = TimeAmount.milliseconds(100)

    package init(_ configuration: RunConfiguration) {
        self.configuration = configuration
    }

    /// Starts nobody any more; who runs may finish within the scenario's grace.
    ///
    /// Where all have, it is the wait for a collector that ends, and the run is as complete as without this.
    package func interrupt() {
        let (isOver, exporter) = control.withLock { ($0.isOver, $0.exporter) }
        if isOver { exporter?.interrupt() } else { end(.interrupted, graceful: true) }
    }

    /// All clients are done; at the most a collector is waited for.
    package var isOver: Bool { control.withLock { $0.isOver } }

    /// Ends at once the commands that the scenario has started; for a process that is about to exit.
    package func killCommands() {
        control.withLock { $0.commands }?.kill()
    }

    /// Runs the scenario to its end.
    ///
    /// - Throws: `RunError` where the run cannot begin.
    package func execute(_ observer: any RunObserver) async throws -> RunResult {
        let scenario = try configuration.readScenario()
        if configuration.commands == nil, let command = scenario.commands.first {
            let message = "\(command.place): `\(command.line)` is to be run, which nobody has allowed"
            throw RunError(.command, message)
        }
        let targets = try await TargetResolver.resolve(scenario, configuration)
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
        let programs = ProgramBuilder.programs(of: scenario, registeringIn: &table)
        _ = ReplayProgram(of: scenario, programs, registeringIn: &table)
        let copies = try (0..<threads).map { _ in try configuration.readScenario() }
        let contexts = try SideWork.Contexts(configuration)
        let clock = RunClock(startingIn: Self.startDelay)
        let side = try await SideWork.start(configuration, contexts, clock: clock)
        do {
            let result = try await execute(scenario, targets, table, copies, clock, side, observer)
            await side.stop()
            return result
        } catch {
            await side.stop()
            throw error
        }
    }

    private func execute(
        _ scenario: Scenario,
        _ targets: TargetResolver.Targets,
        _ table: MetricTable,
        _ copies: [Scenario],
        _ clock: RunClock,
        _ side: SideWork,
        _ observer: any RunObserver
    ) async throws -> RunResult {
        let threads = copies.count
        try observer.started(
            RunStart(epochMilliseconds: clock.startEpochMilliseconds, targets: targets.shown, table: table)
        )
        let shared = SharedPlan(scenario, table, targets.network, clock, configuration)
        let environment = FaultCommands.environment(configuration.commands, targets)
        let commands = FaultCommands(scenario, configuration.commands, environment: environment, shared)
        control.withLock { $0.commands = commands }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        do {
            var workers: [WorkerHandle] = []
            for (number, copy) in copies.enumerated() {
                let plan = WorkerPlan(number: number, workers: threads, scenario: copy, shared: shared)
                workers.append(try await WorkerHandle.start(plan, on: group.next()))
            }
            // Who plays a recording has no end of its own to come to soon.
            let patience = scenario.replay == nil ? scenario.grace : min(scenario.grace, .seconds(5))
            prepareEnding(of: workers, grace: patience)
            var collection = RunCollection(shared, scenario, workers: threads, side)
            try await follow(workers, clock, commands, observer, &collection)
            let ending = control.withLock { control in
                control.isOver = true
                control.exporter = side.exporter
                return control.ending
            }
            let seconds = Double((NIODeadline.now() - clock.start).nanoseconds) / 1e9
            await commands.end()
            await side.scraper?.end()
            collection.finish(observer, busiest: await WorkerHandle.busiest(workers))
            await collection.push(observer, seconds: seconds)
            control.withLock { $0.exporter = nil }
            let reached = await WorkerHandle.reachedTarget(workers)
            try await group.shutdownGracefully()
            return RunResult(
                totals: collection.collector.totals,
                ending: ending,
                reachedTarget: reached,
                loops: collection.tally,
                seconds: seconds,
                faults: shared.faultLog.marks,
                networkNotes: targets.notes,
                scraped: collection.scraped,
                sideNotes: side.notes
            )
        } catch {
            await commands.end()
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Collects once a second, until every worker is done.
    private func follow(
        _ workers: [WorkerHandle],
        _ clock: RunClock,
        _ commands: FaultCommands,
        _ observer: any RunObserver,
        _ collection: inout RunCollection
    ) async throws {
        let pause = min(configuration.figuresEvery.map { TimeAmount($0) } ?? .milliseconds(100), .milliseconds(100))
        while collection.outbox.finishedWorkers < workers.count {
            // Short sleeps, so that the end of a run is seen at once; seconds come from the workers.
            try await Task.sleep(for: commands.pause(at: .now(), atMost: pause))
            if control.withLock({ $0.ending == .complete }) { commands.startDue(at: .now()) }
            collection.collect(observer)
            let seconds = Double((NIODeadline.now() - clock.start).nanoseconds) / 1e9
            if let check = observer.abortion(totals: collection.collector.totals, after: seconds) {
                end(.aborted("the check `\(check)` ended the run, as it asks to"), graceful: false)
            } else if let reason = collection.outbox.takeAbortion() {
                end(.aborted(reason), graceful: false)
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
            if control.ending == .complete, !control.isOver { control.ending = ending }
            return control.drain
        }
        drain?(graceful)
    }
}

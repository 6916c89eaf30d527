import Metrics
import NIOCore
import Scenarios
import Synchronization

/// The commands of a scenario's faults: each is started when its time comes, and ended with the run.
///
/// There is one for a run, whatever the number of its workers.
final class FaultCommands: Sendable {
    private struct Command {
        var fault: Int
        var time: NIODeadline
        var words: [String]
    }

    private struct State {
        var next = 0
        var isEnding = false
        var running: [(fault: Int, process: OutsideProcess)] = []
    }

    private let commands: [Command]
    private let directory: String
    private let environment: [String: String]
    private let redactor: Redactor
    private let log: FaultLog
    private let activity: FaultActivity
    private let state = Mutex(State())

    init(
        _ scenario: Scenario,
        _ settings: CommandSettings?,
        environment: [String: String],
        _ shared: SharedPlan
    ) {
        commands =
            settings == nil
            ? []
            : scenario.faults.enumerated().compactMap { number, fault in
                guard case .run(let words) = fault.action else { return nil }
                return Command(fault: number, time: shared.clock.start + TimeAmount(fault.at), words: words)
            }
        directory = settings?.directory ?? "/"
        self.environment = (settings?.environment ?? [:]).merging(environment) { _, ours in ours }
        redactor = shared.redactor
        log = shared.faultLog
        activity = shared.faultActivity
    }

    /// What commands find in their environment besides the person's.
    static func environment(_ settings: CommandSettings?, _ targets: TargetResolver.Targets) -> [String: String] {
        var environment = [
            "REPRISE_TARGET": "\(targets.first)",
            "REPRISE_TARGET_HOST": targets.first.host,
            "REPRISE_TARGET_PORT": "\(targets.first.port)",
        ]
        if let process = targets.practiceProcess { environment["REPRISE_PRACTICE_PID"] = "\(process)" }
        if let settings { environment["REPRISE"] = settings.program }
        return environment
    }

    /// How long to wait until the next one is due; no longer than the limit.
    func pause(at now: NIODeadline, atMost limit: TimeAmount) -> Duration {
        let next = state.withLock { commands.indices.contains($0.next) ? commands[$0.next].time : nil }
        let pause = next.map { max(.milliseconds(1), min(limit, $0 - now)) } ?? limit
        return .nanoseconds(pause.nanoseconds)
    }

    /// Starts what is due.
    func startDue(at now: NIODeadline) {
        while let command = takeDue(at: now) { start(command) }
    }

    private func takeDue(at now: NIODeadline) -> Command? {
        state.withLock { state in
            guard commands.indices.contains(state.next), commands[state.next].time <= now else { return nil }
            defer { state.next += 1 }
            return commands[state.next]
        }
    }

    private func start(_ command: Command) {
        activity.begin()
        do throws(OutsideProcess.Failure) {
            log.commandBegan(command.fault, at: .now())
            let process = try OutsideProcess.start(
                command.words,
                directory: directory,
                environment: environment,
                output: CommandOutput(margin: redactor.longestSecret)
            ) { [self] exit in
                ended(command.fault, exit)
            }
            state.withLock { $0.running.append((command.fault, process)) }
        } catch {
            log.commandEnded(command.fault, CommandOutcome(exit: .notStarted("\(error)")), at: .now())
            activity.end()
        }
    }

    private func ended(_ fault: Int, _ exit: OutsideProcess.Exit) {
        let isEnding = state.withLock { $0.isEnding }
        let shown: CommandOutcome.Exit =
            switch exit {
            case _ where isEnding: .endedWithRun
            case .exited(let code): .exited(code)
            case .signalled(let signal): .signalled(signal)
            }
        log.commandEnded(fault, CommandOutcome(exit: shown), at: .now())
        activity.end()
    }

    /// Ends what still runs, and what was left running, and starts nothing any more.
    func end() async {
        let running = state.withLock { state in
            state.next = commands.count
            state.isEnding = true
            return state.running
        }
        await withTaskGroup { group in
            for (fault, process) in running {
                group.addTask { [self] in
                    let isLeft = await process.end()
                    let output = process.output.text(redactor)
                    log.commandFinished(fault) { outcome in
                        outcome.leftProcesses = isLeft
                        (outcome.output, outcome.outputOmitted, outcome.outputEnd) = output
                    }
                }
            }
        }
    }

    /// Ends everything at once: the process is about to exit.
    func kill() {
        let running = state.withLock { state in
            state.next = commands.count
            state.isEnding = true
            return state.running
        }
        for (_, process) in running { process.kill() }
    }
}

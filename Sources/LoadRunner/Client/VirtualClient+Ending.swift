import Metrics
import NIOCore
import Scenarios

extension VirtualClient {
    /// The flow is at its end, or the load shrinks: the client leaves.
    func finish(at now: NIODeadline) {
        end(as: .finished, at: now)
    }

    /// The run is over and the client still busy: that is no failure.
    func cut(at now: NIODeadline) {
        end(as: .cut, at: now)
    }

    /// The step, and with it the client, failed.
    ///
    /// - Parameters:
    ///   - kind: One of the kinds of `errors.KIND`.
    ///   - example: What happened, in a sentence.
    ///   - outcome: What becomes of the task that the client is in.
    ///   - cannotStart: There is nothing to go on with, and another client in its place would hardly fare better now.
    func fail(
        _ kind: String,
        _ example: @autoclosure () -> String,
        outcome: PlanOutcome = .failed,
        cannotStart: Bool = false,
        at now: NIODeadline
    ) {
        if case .gone = waiting { return }
        worker.trace?.failure(kind, example(), of: self, at: now)
        noteFailure(kind, example(), at: now)
        let isConnecting = if case .connection = waiting { true } else { false }
        let failingAddress = failingAddress
        let policy = program.policies[isHandling ? address : failingAddress]
        if isHandling, policy == .continue {
            handOverTape()
            // The flow's step waits on.
            recorder.add(metrics.operations, group: group)
            recorder.add(metrics.operationsFailed, group: group)
            recorder.error(kind, group: group, at: worker.second(at: now), example: example())
            return
        }
        var hasEndedTask = false
        // What the generator itself ran out of is no operation that the target failed.
        if !kind.hasPrefix("generator.") {
            // A task whose time is over fails by itself, not the step of its reply that was running.
            if task == nil || outcome == .failed { recordFailure() }
            if let task, task.address == failingAddress || isRejoining && policy != .continue {
                end(task: task, outcome: outcome, at: now)
                hasEndedTask = true
            }
        }
        recorder.error(kind, group: group, at: worker.second(at: now), example: example())
        if policy == .abort { worker.abort("a step failed that ends the run (`onFailure: abort`): \(kind)") }
        // Without a connection there is nothing to go on with: a dead server must not be hammered.
        if policy == .continue, !isConnecting, !cannotStart, !kind.hasPrefix("generator.") {
            goOn(after: failingAddress, evenWhileThinking: hasEndedTask, at: now)
        } else {
            let failedToConnect = isConnecting || cannotStart || kind == "refused"
            end(as: .failed, failedToConnect: failedToConnect, at: now)
        }
    }

    /// The step that fails: the plan, where one is under way, for its reply's failure is the task's, unless the reply's
    /// step says otherwise itself.
    private var failingAddress: Instruction.Address {
        guard !isRejoining, let task, program.policies[address] == .leave else { return address }
        return task.address
    }

    /// The step failed, and the flow goes on behind it.
    private func goOn(after failing: Instruction.Address, evenWhileThinking: Bool, at now: NIODeadline) {
        // A think time goes on: what failed meanwhile, a connection that fell, is no step's; unless it is that of a task
        // that has ended with it.
        switch waiting {
        case .think where !evenWhileThinking, .turn where !evenWhileThinking: return
        default: break
        }
        handOverTape()
        cancel(.step)
        pendingRequest?.cancel()
        pendingRequest = nil
        waiting = .nothing
        isWindowOpen = false
        readyAt = now
        address = failing + 1
        // A step that failed changes no room.
        while case .room = program.code[address] { address += 1 }
        proceed(at: now)
    }

    /// The load shrinks: the client leaves after the step that it is in.
    func leave(at now: NIODeadline) {
        isLeaving = true
        switch waiting {
        case .think, .room, .recovery: if mayLeave { finish(at: now) }
        default: break
        }
    }

    /// Counts the operation that failed; a failure outside any operation is one that has no name.
    private func recordFailure() {
        let wait: WaitOperation? =
            switch waiting {
            case .acknowledgement(let wait, _, _): wait
            case .response(let operation): operation.wait
            case .event(let operation): operation.wait
            case .stream(let run): run.operation.wait
            case .connection, .recovery, .room, .plan, .condition, .nothing, .think, .turn, .gone: nil
            }
        if case .connection = waiting {
            recorder.failed(metrics.connect, group: group)
        } else if let operation = wait?.operation {
            recorder.failed(operation, group: group)
            if let general = wait?.general {
                recorder.add(general.count, group: group)
                recorder.add(general.failed, group: group)
            }
        } else if task == nil {
            recorder.add(metrics.operations, group: group)
            recorder.add(metrics.operationsFailed, group: group)
        }
    }

    private func end(as ending: Ending, failedToConnect: Bool = false, at now: NIODeadline) {
        if case .gone = waiting { return }
        for timer in [ClientTimer.step, .task, .heartbeat, .upgrade, .reconnect] { cancel(timer) }
        waiting = .gone
        task = nil
        inbox.clear()
        pendingRequest?.cancel()
        pendingRequest = nil
        leaveServer()
        handOverTape(isOver: true)
        worker.ended(self, as: ending, failedToConnect: failedToConnect, at: now)
    }
}

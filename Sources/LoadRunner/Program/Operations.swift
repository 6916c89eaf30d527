import Metrics
import NIOCore
import Scenarios
import Wire

/// `emit`, with everything rendered that is the same every time.
final class EmitOperation {
    let event: String
    /// The event's name as JSON.
    let name: [UInt8]
    let arguments: [JSONTemplate]
    let attachments: [ScenarioFile]
    /// The numbers of the attachments that stand behind the arguments.
    let appended: [Int]
    /// The place in `Program.namespaces`.
    let namespace: Int
    /// On a plain WebSocket the whole message.
    let message: Send?
    let acknowledgement: WaitOperation?

    init(_ step: Emit, shownAs event: String, name: [UInt8], acknowledgement: WaitOperation?) {
        self.event = event
        self.name = name
        arguments = step.arguments
        attachments = step.attachments
        appended = step.attachments.indices.filter { !step.placed.contains($0) }
        namespace = step.namespace
        message = step.message
        self.acknowledgement = acknowledgement
    }
}

/// `send`
final class SendOperation {
    let message: Send

    init(_ message: Send) {
        self.message = message
    }
}

/// `acknowledge`
final class AcknowledgeOperation {
    let arguments: [JSONTemplate]
    let attachments: [ScenarioFile]
    /// The numbers of the attachments that stand behind the arguments.
    let appended: [Int]

    init(_ step: Acknowledge) {
        arguments = step.arguments
        attachments = step.attachments
        appended = step.attachments.indices.filter { !step.placed.contains($0) }
    }
}

/// How long a step waits, what it is measured as, and what it copies from the answer.
final class WaitOperation {
    /// The step's name in messages: `ack of join_session`.
    let subject: String
    let within: TimeAmount
    /// Nil: the step is no operation of its own until it fails.
    let operation: OperationMetric?
    /// Where the cause is kept for steps that run `since` this one; nil where none does.
    let mark: Int?
    /// Which kept cause the latency runs from; nil: the flow's last.
    let since: Int?
    /// What the operation is besides, where `measure:` names it: `http` or `ack.EVENT`.
    let general: OperationMetric?
    let capture: [Capture]

    init(
        subject: String,
        within: Duration,
        operation: OperationMetric?,
        general: OperationMetric? = nil,
        capture: [Capture],
        mark: Int? = nil,
        since: Int? = nil
    ) {
        self.subject = subject
        self.within = TimeAmount(within)
        self.operation = operation
        self.general = general
        self.capture = capture
        self.mark = mark
        self.since = since
    }
}

/// `http`
final class HTTPOperation {
    let request: HTTPRequest
    let wait: WaitOperation

    init(request: HTTPRequest, wait: WaitOperation) {
        self.request = request
        self.wait = wait
    }
}

/// `await`
final class AwaitOperation {
    let match: EventMatch
    let wait: WaitOperation

    init(match: EventMatch, wait: WaitOperation) {
        self.match = match
        self.wait = wait
    }
}

/// `stream`
final class StreamOperation {
    let step: StreamStep
    let wait: WaitOperation
    let stall: TimeAmount?
    let metrics: StreamMetrics
    /// Tells the keys of this stream's step from those of another.
    let number: Int

    init(step: StreamStep, wait: WaitOperation, metrics: StreamMetrics, number: Int) {
        self.step = step
        self.wait = wait
        stall = step.stall.map { TimeAmount($0) }
        self.metrics = metrics
        self.number = number
    }
}

/// `plan`
final class PlanOperation {
    let step: PlanStep
    let limits: PlanTracker.Limits
    let metrics: PlanMetrics
    /// Where the reply's steps begin.
    let reply: Instruction.Address
    /// Where the fields stand in an action that make it the same as another.
    let same: [JSONPath]
    /// Which kept cause the task begins with; nil: the flow's last.
    let since: Int?

    init(step: PlanStep, metrics: PlanMetrics, reply: Instruction.Address, since: Int?) {
        self.step = step
        self.since = since
        limits = PlanTracker.Limits(
            client: step.clientLimit,
            server: step.serverLimit,
            cycle: step.cycle,
            within: TimeAmount(step.within)
        )
        self.metrics = metrics
        self.reply = reply
        same = step.same.map { JSONPath([.name(Array($0.utf8))]) }
    }
}

/// `repeat`
final class LoopOperation {
    let step: Repeat
    /// Behind the loop's end.
    var exit: Instruction.Address = 0
    /// Those in its rounds, and in no other loop in them: their grids begin with the loop.
    var paces: [PaceOperation] = []
    let every: TimeAmount?

    init(_ step: Repeat) {
        self.step = step
        every = step.every.map { TimeAmount($0) }
    }

    /// The time at which the loop began is of use.
    var isTimed: Bool {
        if case .duration = step.times { true } else { every != nil }
    }
}

/// `pace`
final class PaceOperation {
    let interval: TimeAmount

    init(_ interval: Duration) {
        self.interval = TimeAmount(interval)
    }
}

/// `wait`
final class ConditionWaitOperation {
    let condition: Condition
    let wait: WaitOperation

    init(_ condition: Condition, wait: WaitOperation) {
        self.condition = condition
        self.wait = wait
    }
}

/// `choose`
final class ChooseOperation {
    /// Summed up: a number below the first is the first branch, and so on.
    let weights: [Int]
    /// Where the branches begin.
    var branches: [Instruction.Address] = []

    init(weights: [Int]) {
        var sum = 0
        self.weights = weights.map {
            sum += $0
            return sum
        }
    }
}

/// The condition of `when`.
final class ConditionOperation {
    let condition: Condition

    init(_ condition: Condition) {
        self.condition = condition
    }
}

/// `set`
final class SetOperation {
    let assignments: [Assignment]

    init(_ assignments: [Assignment]) {
        self.assignments = assignments
    }
}

/// `count`
final class CountOperation {
    let name: String
    let counter: CounterMetric

    init(name: String, counter: CounterMetric) {
        self.name = name
        self.counter = counter
    }
}

/// `fail`
final class FailOperation {
    let text: ValueTemplate

    init(_ text: ValueTemplate) {
        self.text = text
    }
}

/// `joins` and `leaves`
final class RoomOperation {
    let change: RoomChange

    init(_ change: RoomChange) {
        self.change = change
    }
}

/// `fanout`
final class FanOutOperation {
    let step: FanOut

    init(_ step: FanOut) {
        self.step = step
    }
}

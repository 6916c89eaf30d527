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
    let acknowledgement: WaitOperation?

    init(event: String, name: [UInt8], arguments: [JSONTemplate], acknowledgement: WaitOperation?) {
        self.event = event
        self.name = name
        self.arguments = arguments
        self.acknowledgement = acknowledgement
    }
}

/// How long a step waits, what it is measured as, and what it copies from the answer.
final class WaitOperation {
    /// The step's name in messages: `ack of join_session`.
    let subject: String
    let within: TimeAmount
    /// Nil: the step is no operation of its own until it fails.
    let operation: OperationMetric?
    /// What the operation is besides, where `measure:` names it: `http` or `ack.EVENT`.
    let general: OperationMetric?
    let capture: [Capture]

    init(
        subject: String,
        within: Duration,
        operation: OperationMetric?,
        general: OperationMetric? = nil,
        capture: [Capture]
    ) {
        self.subject = subject
        self.within = TimeAmount(within)
        self.operation = operation
        self.general = general
        self.capture = capture
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

    init(step: PlanStep, metrics: PlanMetrics, reply: Instruction.Address) {
        self.step = step
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
    let times: Repeat.Times
    let index: VariableSlot

    init(times: Repeat.Times, index: VariableSlot) {
        self.times = times
        self.index = index
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

/// One step of a flow, a handler or a plan's reply.
package struct Step: Sendable {
    package var action: Action
    package var place: SourcePlace
    /// What becomes of the client when the step fails; nil: what its group says.
    package var onFailure: FailurePolicy?
    /// What becomes of it when the connection falls while it waits; nil: it goes on waiting.
    package var onLoss: LossPolicy?
    /// The rooms that the client is in or out of once the step is done.
    package var roomChanges: [RoomChange] = []

    package indirect enum Action: Sendable {
        case connect
        case disconnect
        case emit(Emit)
        case send(Send)
        case acknowledge(Acknowledge)
        case http(HTTPRequest)
        case await(Await)
        case stream(StreamStep)
        case plan(PlanStep)
        case think(Delay)
        /// The next send starts on a grid of the client's own, this far apart.
        case pace(Duration)
        case wait(Wait)
        case `repeat`(Repeat)
        case when(When)
        case choose([Choice])
        case set([Assignment])
        /// The place in `Scenario.counters`.
        case count(Int)
        case fail(ValueTemplate)
        /// In a handler: what it handles is a delivery.
        case fanout(FanOut)
        /// Cuts the client's own connection.
        case drop(DropKind)
        case stall(Stall)
    }
}

/// What becomes of a client whose step failed.
package enum FailurePolicy: String, Hashable, Sendable, CaseIterable {
    /// It leaves and is replaced.
    case leave
    /// It goes on with the next step.
    case `continue`
    /// The whole run ends.
    case abort
}

/// What a latency and a `within` run from, where it is not the flow's last cause.
package enum Since: Hashable, Sendable {
    case connect
    /// The cause of the step with this `measure:`.
    case measure(String)
}

/// Waits until a condition holds, which handlers may make true.
package struct Wait: Sendable {
    package var condition: Condition
    package var within: Duration
    package var since: Since?
}

/// One of several branches, drawn by weight.
package struct Choice: Sendable {
    package var weight: Int
    package var flow: [Step]
}

/// Sends an event.
package struct Emit: Sendable {
    /// Without its namespace.
    package var event: String
    /// The message's arguments, from `data:` (one) or `args:`.
    package var arguments: [JSONTemplate]
    package var acknowledgement: Acknowledgement?
    /// The place in `ClientGroup.namespaces`.
    package var namespace = 0
    /// Binary arguments: after the others, but for those that a placeholder among them names.
    package var attachments: [ScenarioFile] = []
    /// The numbers of the attachments that placeholders name.
    package var placed: Set<Int> = []
    /// On a plain WebSocket the whole message, with the event and its data in the envelope.
    package var message: Send?
}

/// Sends a message on a plain WebSocket.
package struct Send: Sendable {
    package enum Content: Sendable {
        case text(ValueTemplate)
        case json(JSONTemplate)
        case binary(ScenarioFile)
    }

    package var content: Content
    /// Where `${sent.…}` paths start in the message; nil: at its root.
    package var data: MessagePath?
}

/// Answers an event for which the server asked an acknowledgement: the one that the handler handles, or that a step
/// took last. Does nothing where none was asked.
package struct Acknowledge: Sendable {
    package var arguments: [JSONTemplate]
    package var attachments: [ScenarioFile]
    /// The numbers of the attachments that placeholders among the arguments name.
    package var placed: Set<Int> = []
}

/// Waits for the acknowledgement of what was sent.
package struct Acknowledgement: Sendable {
    package var within: Duration
    /// A metric's name besides `ack.EVENT`.
    package var measure: String?
    /// Paths run from the first argument of the acknowledgement.
    package var capture: [Capture]
}

/// Copies a value out of a received message into a variable.
package struct Capture: Sendable {
    package var slot: VariableSlot
    package var name: String
    package var path: MessagePaths
}

/// A request beside the socket.
package struct HTTPRequest: Sendable {
    package var method: String
    /// A path on the target's host, or a whole URL.
    package var path: ValueTemplate
    package var headers: [NamedTemplate]
    package var body: JSONTemplate?
    /// The status that is no failure; nil: any from 200 to 399.
    package var expect: Int?
    package var within: Duration
    /// A metric's name besides `http`.
    package var measure: String?
    /// Paths run from the root of the response's JSON.
    package var capture: [Capture]
}

/// Waits for an event.
package struct Await: Sendable {
    package var match: EventMatch
    package var within: Duration
    package var measure: String?
    package var capture: [Capture]
    package var since: Since?
}

/// Receives one chunked reply.
package struct StreamStep: Sendable {
    package var name: String
    package var chunk: EventMatch
    package var done: EventMatch
    /// Which messages are meant at all.
    package var condition: MessageCondition?
    package var key: MessagePaths?
    package var index: MessagePaths?
    package var text: MessagePaths?
    package var final: MessagePaths?
    package var within: Duration
    package var stall: Duration?
    package var since: Since?
}

/// Runs one action-plan loop.
package struct PlanStep: Sendable {
    package var name: String
    package var event: EventMatch
    package var actions: MessagePaths
    package var key: MessagePaths?
    package var reply: [Step]
    package var done: EventMatch
    package var refuse: EventMatch?
    package var clientLimit: Int?
    package var serverLimit: Int?
    /// Fields that make two actions the same; empty: the whole action.
    package var same: [String]
    /// This many full repeats of one sequence are a runaway; nil: not looked for.
    package var cycle: Int?
    package var progress: MessagePaths?
    package var within: Duration
    /// Where `NAME.outcome` goes.
    package var outcome: VariableSlot
    package var since: Since?
}

/// Runs steps again and again.
package struct Repeat: Sendable {
    package enum Times: Sendable {
        case count(Int)
        case forever
        /// Starts no further round after this long.
        case duration(Duration)
        /// Ends after the round after which the condition holds.
        case until(Condition)
        /// Once for each element of a list, which is read when the loop begins.
        case each(ValueTemplate)
    }

    package var times: Times
    /// Where `${i}` goes, from 0.
    package var index: VariableSlot
    /// Where `${item}` goes; nil where the loop has none.
    package var item: VariableSlot?
    /// Where the list of `each` is kept; nil where the loop has none.
    package var list: VariableSlot?
    /// Rounds start on a fixed grid, this far apart; an overdue one starts at once.
    package var every: Duration?
    package var flow: [Step]
}

/// Runs one of two branches.
package struct When: Sendable {
    package var condition: Condition
    package var flow: [Step]
    package var otherwise: [Step]
}

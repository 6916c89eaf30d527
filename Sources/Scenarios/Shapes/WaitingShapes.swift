/// `await`
enum AwaitKey: String, MapShape {
    case await, `where`, within, measure, capture, since, onFailure, onLoss, joins, leaves

    static let summary = "Waits for an event."

    var field: Field {
        switch self {
        case .await: Field(.event, .required, "The event, or a list of them.")
        case .where: .condition
        case .within: .within
        case .measure: .measure
        case .capture: .capture
        case .since: .since
        case .onFailure: .onFailure
        case .onLoss: .onLoss
        case .joins: .joins
        case .leaves: .leaves
        }
    }
}

/// EVENT with a condition.
enum EventKey: String, MapShape {
    case event, `where`

    static let summary = "An event with a condition."

    var field: Field {
        switch self {
        case .event: Field(.name, .required, "The event's name.", "message")
        case .where: .condition
        }
    }
}

/// `stream`
enum StreamKey: String, MapShape {
    case stream, chunk, done, `where`, key, index, text, final, within, stall, since, onFailure
    case onLoss, joins, leaves

    static let summary = "Receives one chunked reply."

    var field: Field {
        switch self {
        case .stream: Field(.identifier, .required, "The stream's name, in checks and reports.", "answer")
        case .chunk: Field(.event, .required, "The event of a chunk.", "message_chunk")
        case .done:
            Field(
                .event,
                .required,
                "The event of the end; where it is a chunk too, it is the last one.",
                "message_done"
            )
        case .where: .condition
        case .key:
            Field(
                .path,
                "Tells streams apart that come at once: the first unseen key after the cause is this one.",
                "streamId"
            )
        case .index: Field(.path, "The chunk's number: 0, 1, 2 …", "chunkIndex")
        case .text: Field(.path, "The chunk's text.", "delta")
        case .final: Field(.path, "The whole text, in the event of the end.", "text")
        case .within: .within
        case .stall: Field(.duration, "A gap this long is a stall.")
        case .since: .since
        case .onFailure: .onFailure
        case .onLoss: .onLoss
        case .joins: .joins
        case .leaves: .leaves
        }
    }
}

/// `plan`
enum PlanKey: String, MapShape {
    case plan, event, actions, key, reply, done, refuse, clientLimit, serverLimit, same, cycle, progress, within, since
    case onFailure, onLoss, joins, leaves

    static let summary = "Runs one action-plan loop."

    var field: Field {
        switch self {
        case .plan: Field(.identifier, .required, "The task's name, in checks and reports.", "task")
        case .event: Field(.event, .required, "The event of a plan.", "action_plan")
        case .actions: Field(.path, .required, "Where its list of actions stands.", "actions", "[ actions, steps ]")
        case .key: Field(.path, "Tells tasks apart, where a client can have several.", "taskId")
        case .reply:
            Field(
                .steps,
                .required,
                "What to do for each plan that arrives; the plan is 'event'.",
                "{ emit: done }",
                "[ { think: 1s }, { emit: done } ]"
            )
        case .done: Field(.event, .required, "The event that ends the task well.", "task_complete")
        case .refuse: Field(.event, "The event that means: the server stopped it.", "error")
        case .clientLimit: .limit(from: 1, "Round trips that the client makes before it stops by itself.")
        case .serverLimit: .limit(from: 1, "What the server promises; one plan more is a breach.")
        case .same:
            Field(
                .some(.name),
                "Fields that make two actions the same; the whole action unless said.",
                "[ type, elementId ]",
                "type"
            )
        case .cycle: .limit(from: 2, "This many full repeats of one sequence are a runaway; 5 unless said.")
        case .progress: Field(.path, "A value here that the task has not had before breaks a cycle.", "page")
        case .within: .within
        case .since: .since
        case .onFailure: .onFailure
        case .onLoss: .onLoss
        case .joins: .joins
        case .leaves: .leaves
        }
    }
}

/// `wait`
enum WaitKey: String, MapShape {
    case wait, within, since, onFailure, onLoss, joins, leaves

    static let summary = "Waits until a condition holds, which a handler may bring about."

    var field: Field {
        switch self {
        case .wait: Field(.condition, .required, "The condition.")
        case .within: .within
        case .since: .since
        case .onFailure: .onFailure
        case .onLoss: .onLoss
        case .joins: .joins
        case .leaves: .leaves
        }
    }
}

/// `think`
enum ThinkKey: String, MapShape {
    case think, joins, leaves

    static let summary = "Waits."

    var field: Field {
        switch self {
        case .think: Field(.delay, .required, "How long: 2s, 1s..3s, or a distribution.")
        case .joins: .joins
        case .leaves: .leaves
        }
    }
}

/// `pace`
enum PaceKey: String, MapShape {
    case pace

    static let summary = "Puts the next send on a fixed grid of the client's own."

    var field: Field { Field(.duration, .required, "How far apart the points of the grid are.") }
}

extension Field {
    fileprivate static let condition = Field(
        .messageCondition,
        "Which messages are meant: a map of PATH: value, or a condition."
    )
    fileprivate static let since = Field(
        .name,
        "What the latency and 'within' run from, where it is not the last cause: connect, or the 'measure' of a step.",
        "connect"
    )

    fileprivate static func limit(from minimum: Int, _ summary: String) -> Field {
        Field(.either([.integer(from: minimum, through: nil), .word(["none"])]), summary)
    }
}

/// `fanout`
enum FanOutKey: String, MapShape {
    case fanout, room, `self`, within

    static let summary = "In a handler: what it handles is one delivery of a message to a room."

    var field: Field {
        switch self {
        case .fanout:
            Field(
                .either([.path, .map(FanOutIdentityKey.self)]),
                .required,
                "Where the stamp stands; or, for messages of the server's own, where their id does.",
                "text",
                "{ id: id, order: phone, room: all }"
            )
        case .room: .room
        case .self: Field(.flag, "Whether the sender gets its own message too; it does not unless said.")
        case .within: Field(.duration, "A delivery that has not come after this long is missing; 10s unless said.")
        }
    }
}

/// `fanout` by ids of the server's.
enum FanOutIdentityKey: String, MapShape {
    case id, order, room

    static let summary = "A delivery of a message of the server's own: what one member got, all are to get."

    var field: Field {
        switch self {
        case .id: Field(.path, .required, "What tells the messages apart.", "id")
        case .order: Field(.path, "Messages with the same value here come to all in one order.", "phone")
        case .room: .room
        }
    }
}

extension Field {
    static let joins = Field(.text, "The room that the client is in once the step is done.", "\"room-1\"")
    static let leaves = Field(.text, "The room that the client is out of once the step is done.", "\"room-1\"")
    fileprivate static let room = Field(.text, "The room.", "\"room-1\"")
}

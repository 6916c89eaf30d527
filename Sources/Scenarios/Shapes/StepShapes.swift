/// `emit`
enum EmitKey: String, MapShape {
    case emit, data, args, binary, ack, onFailure

    static let planned = ["onLoss"]
}

/// What waits for an acknowledgement.
enum AcknowledgementKey: String, MapShape {
    case within, measure, capture
}

/// `send`
enum SendKey: String, MapShape {
    case send, onFailure
}

/// `acknowledge`
enum AcknowledgeKey: String, MapShape {
    case acknowledge, args, binary
}

/// `http`
enum HTTPKey: String, MapShape {
    case http, json, headers, expect, within, measure, capture, onFailure
}

/// `connect`, with options.
enum ConnectKey: String, MapShape {
    case connect, onFailure
}

/// `disconnect`, as a map.
enum DisconnectKey: String, MapShape {
    case disconnect
}

/// `await`
enum AwaitKey: String, MapShape {
    case await, `where`, within, measure, capture, since, onFailure

    static let planned = ["joins", "leaves", "onLoss"]
}

/// EVENT with a condition.
enum EventKey: String, MapShape {
    case event, `where`
}

/// `stream`
enum StreamKey: String, MapShape {
    case stream, chunk, done, `where`, key, index, text, final, within, stall, since, onFailure

    static let planned = ["joins", "leaves", "onLoss"]
}

/// `plan`
enum PlanKey: String, MapShape {
    case plan, event, actions, key, reply, done, refuse, clientLimit, serverLimit, same, cycle, progress, within, since
    case onFailure

    static let planned = ["joins", "leaves", "onLoss"]
}

/// `wait`
enum WaitKey: String, MapShape {
    case wait, within, since, onFailure
}

/// `think`
enum ThinkKey: String, MapShape {
    case think
}

/// `pace`
enum PaceKey: String, MapShape {
    case pace
}

/// `repeat`
enum RepeatKey: String, MapShape {
    case `repeat`, flow, every
}

/// When a loop ends.
enum RoundsKey: String, MapShape {
    case `for`, until, each
}

/// `when`
enum WhenKey: String, MapShape {
    case when, flow, `else`
}

/// `choose`
enum ChooseKey: String, MapShape {
    case choose
}

/// One of several branches.
enum BranchKey: String, MapShape {
    case weight, flow
}

/// `set`
enum SetKey: String, MapShape {
    case set
}

/// `count`
enum CountKey: String, MapShape {
    case count
}

/// `fail`
enum FailKey: String, MapShape {
    case fail, onFailure
}

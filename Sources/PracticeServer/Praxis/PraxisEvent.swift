/// The types of messages that a Praxis server sends.
enum PraxisEvent: Int, CaseIterable, Sendable {
    case dslProgress, dslResult, workflowStart, workflowProgress, workflowComplete, workflowError, nodeStatusUpdate
    case toolResult, chatMessage, eventStream
    case pong, error

    var name: StaticString {
        switch self {
        case .dslProgress: "dslProgress"
        case .dslResult: "dslResult"
        case .workflowStart: "workflowStart"
        case .workflowProgress: "workflowProgress"
        case .workflowComplete: "workflowComplete"
        case .workflowError: "workflowError"
        case .nodeStatusUpdate: "nodeStatusUpdate"
        case .toolResult: "tool_result"
        case .chatMessage: "chatMessage"
        case .eventStream: "eventStream"
        case .pong: "PONG"
        case .error: "error"
        }
    }

    /// The event that a client means who subscribes to this; nil where there is none.
    ///
    /// The document calls events by three kinds of names: as messages have them, as the enumeration of messages has
    /// them, and as the event bus has them.
    init?(subscribed name: String) {
        guard let event = Self.subscribable[name] else { return nil }
        self = event
    }

    private static let subscribable: [String: PraxisEvent] = {
        var names: [String: PraxisEvent] = [
            "DSL_PROGRESS": .dslProgress, "DSL_COMMAND_PROGRESS": .dslProgress,
            "DSL_RESULT": .dslResult, "DSL_COMMAND_COMPLETED": .dslResult,
            "WORKFLOW_START": .workflowStart, "WORKFLOW_STARTED": .workflowStart, "TASK_STARTED": .workflowStart,
            "WORKFLOW_PROGRESS": .workflowProgress, "TASK_PROGRESS": .workflowProgress,
            "WORKFLOW_COMPLETE": .workflowComplete, "WORKFLOW_COMPLETED": .workflowComplete,
            "TASK_COMPLETED": .workflowComplete,
            "WORKFLOW_ERROR": .workflowError, "TASK_FAILED": .workflowError,
            "NODE_STATUS_UPDATE": .nodeStatusUpdate,
            "TOOL_RESULT": .toolResult, "TOOL_EXECUTED": .toolResult, "P2P_TOOL_RESPONSE": .toolResult,
            "CHAT_RESPONSE": .chatMessage,
            "EVENT_STREAM": .eventStream, "DSL_COMMAND_RECEIVED": .eventStream,
        ]
        for event in allCases where event != .pong && event != .error { names["\(event.name)"] = event }
        return names
    }()
}

/// Which events of the bus a client wants.
struct PraxisSubscription: Hashable {
    private var bits: UInt16

    /// What a client gets that never subscribed: everything that has a form of its own.
    static let standard: PraxisSubscription = {
        var all = none
        for event in PraxisEvent.allCases where event != .eventStream { all.insert(event) }
        return all
    }()

    static let none = PraxisSubscription(bits: 0)

    private init(bits: UInt16) {
        self.bits = bits
    }

    func contains(_ event: PraxisEvent) -> Bool { bits & 1 << event.rawValue != 0 }

    mutating func insert(_ event: PraxisEvent) { bits |= 1 << event.rawValue }

    mutating func remove(_ event: PraxisEvent) { bits &= ~(1 << event.rawValue) }
}

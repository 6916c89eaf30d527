/// The events that a LeFlux server sends.
enum LeFluxEvent: Int, CaseIterable {
    case sessionJoined, messageChunk, messageDone, message, actionPlan, uiBlock, confirmationRequired, taskComplete
    case error
    /// Of today's LeFlux only.
    case askUser, sessionTakenOver

    static func sent(_ rules: LeFluxRules) -> [LeFluxEvent] {
        rules.isCurrent ? allCases : allCases.filter { $0 != .askUser && $0 != .sessionTakenOver }
    }

    var name: StaticString {
        switch self {
        case .sessionJoined: "session_joined"
        case .messageChunk: "message_chunk"
        case .messageDone: "message_done"
        case .message: "message"
        case .actionPlan: "action_plan"
        case .uiBlock: "ui_block"
        case .confirmationRequired: "confirmation_required"
        case .taskComplete: "task_complete"
        case .error: "error"
        case .askUser: "ask_user"
        case .sessionTakenOver: "session_taken_over"
        }
    }
}

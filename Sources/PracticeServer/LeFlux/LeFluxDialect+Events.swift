import NIOCore
import Wire

extension LeFluxDialect {
    mutating func receive(
        _ event: IncomingEvent,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        let payload = event.payload
        if event.name == "join_session" {
            return join(sessionID(in: payload), socket, at: now, output: &output)
        }
        guard clientEvents.contains(event.name) else { return .rejected("unknown event") }
        guard let place = boundSessions[socket] else {
            return refuse("Join a session first.", socket, output: &output)
        }
        if let named = payload.string("sessionId"), named != sessions[place]?.id {
            return refuse("This socket joined another session.", socket, output: &output)
        }
        sessions[place]?.lastSeen = now
        switch event.name {
        case "update_context":
            guard payload.count <= Self.contextLimit else {
                return refuse("The context is larger than \(Self.contextLimit) bytes.", socket, output: &output)
            }
            guard payload.kind("context") == .object else {
                return refuse("The context is missing.", socket, output: &output)
            }
        case "continue_task":
            continueTask(of: place, output: &output)
        case "confirmation_response":
            guard let isConfirmed = payload.bool("confirmed") else {
                return refuse("Say whether it is confirmed.", socket, output: &output)
            }
            confirm(isConfirmed, place, output: &output)
        case "heartbeat":
            guard payload.bool("tabVisible") != nil else {
                return refuse("Say whether the tab is visible.", socket, output: &output)
            }
        default:
            report(of: place)  // action_complete and sequence_complete; continue_task is what moves the task on.
        }
        return .accepted
    }

    private var clientEvents: Set<String> { rules.isCurrent ? currentEvents : documentEvents }

    /// The document's server takes the bare id too; today's takes nothing else.
    private func sessionID(in payload: JSONPayload) -> String? {
        rules.isCurrent ? payload.string : payload.string("sessionId") ?? payload.string
    }

    /// Answers an event that is not in order.
    func refuse(_ message: String, _ socket: SocketID, output: inout DialectOutput) -> EventReply {
        var event = EventWriter(event: LeFluxEvent.error.name)
        event.member("message", string: message)
        output.send(.error, &event, to: socket)
        return .rejected(message)
    }
}

private let documentEvents: Set<String> = [
    "action_complete", "sequence_complete", "update_context", "continue_task", "confirmation_response",
]

private let currentEvents = documentEvents.union(["heartbeat"])

extension DialectOutput {
    mutating func send(_ name: LeFluxEvent, _ event: inout EventWriter, to socket: SocketID) {
        actions.append(.send(socket, event: name.rawValue, message: event.finishEvent()))
    }
}

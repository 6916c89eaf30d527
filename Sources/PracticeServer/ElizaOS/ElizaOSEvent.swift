import NIOCore
import Wire

/// The events that the server sends.
enum ElizaOSEvent: Int, CaseIterable {
    case connectionEstablished, authenticated, unauthorized
    case channelJoined, roomJoined, channelCleared, channelDeleted
    case messageBroadcast, messageAck, messageError, messageDeleted
    case controlMessage
    case messageStreamChunk, messageStreamError
    case logSubscriptionConfirmed, logStream, logFiltersUpdated

    var name: StaticString {
        switch self {
        case .connectionEstablished: "connection_established"
        case .authenticated: "authenticated"
        case .unauthorized: "unauthorized"
        case .channelJoined: "channel_joined"
        case .roomJoined: "room_joined"
        case .channelCleared: "channelCleared"
        case .channelDeleted: "channelDeleted"
        case .messageBroadcast: "messageBroadcast"
        case .messageAck: "messageAck"
        case .messageError: "messageError"
        case .messageDeleted: "messageDeleted"
        case .controlMessage: "controlMessage"
        case .messageStreamChunk: "messageStreamChunk"
        case .messageStreamError: "messageStreamError"
        case .logSubscriptionConfirmed: "log_subscription_confirmed"
        case .logStream: "log_stream"
        case .logFiltersUpdated: "log_filters_updated"
        }
    }

    /// Composes the event with an object as its payload.
    func message(capacity: Int = 256, _ write: (inout EventWriter) -> Void) -> ByteBuffer {
        var event = EventWriter(event: name, capacity: capacity)
        write(&event)
        return event.finishEvent()
    }
}

extension DialectOutput {
    mutating func send(_ event: ElizaOSEvent, to socket: SocketID, _ write: (inout EventWriter) -> Void) {
        actions.append(.send(socket, event: event.rawValue, message: event.message(write)))
    }

    mutating func send(_ event: ElizaOSEvent, to members: [SocketID], _ message: ByteBuffer) {
        for member in members {
            actions.append(.send(member, event: event.rawValue, message: message))
        }
    }
}

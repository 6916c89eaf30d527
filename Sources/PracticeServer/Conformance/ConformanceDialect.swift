import NIOCore
import Wire

/// What the official test suites of the two protocols ask of a server.
///
/// At `/socket.io/` a client that joins `/` or `/custom` gets `auth` with its credentials; `message` comes back as
/// `message-back`, and `message-with-ack` is acknowledged with its arguments. At `/engine.io/` there is no Socket.IO,
/// and every message comes back. Source: socketio/socket.io-protocol and socketio/engine.io-protocol, test-suite.
struct ConformanceDialect: Dialect {
    static let system = "conformance"
    static let port = 3000
    static let faults = [
        "latency", "buffer", "zombie", "ping-interval", "ping-timeout", "refuse", "kill-after", "no-ping",
    ]
    static let sentEvents = ["auth", "message-back", "message"]
    static let endpoints = [Endpoint("/socket.io/", .socketIO), Endpoint("/engine.io/", .engineIO)]
    static let namespaces = ["/", "/custom"]

    /// The suites look for `auth` only when they have seen the answer to CONNECT, and miss it where both come at once.
    static let pause = TimeAmount.milliseconds(5)

    private let names = namespaces.map { SocketIONamespace($0) ?? .main }
    private var waiting = DeadlineHeap<(socket: SocketID, message: ByteBuffer)>()

    init(seed: UInt64, faults: FaultPlan, clock: WallClock) {}

    mutating func connect(_ socket: SocketID, _ joining: Joining, at now: NIODeadline, output: inout DialectOutput) {
        let credentials = joining.auth.text ?? ByteBuffer(string: "{}")
        let message = RawEvent.event("auth", names[joining.namespace], arguments: credentials)
        waiting.push((socket, message), at: now + Self.pause)
    }

    var nextDeadline: NIODeadline? { waiting.next }

    mutating func advance(to now: NIODeadline, output: inout DialectOutput) {
        while let (next, _) = waiting.popDue(at: now) {
            output.actions.append(.send(next.socket, event: 0, message: next.message))
        }
    }

    mutating func receive(
        _ event: IncomingEvent,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        switch event.name {
        case "message":
            let message = RawEvent.event(
                "message-back",
                names[event.namespace],
                arguments: event.arguments,
                attachments: event.attachments.count
            )
            output.actions.append(.send(socket, event: 1, message: message, attachments: event.attachments))
            return .accepted
        case "message-with-ack":
            return .echoed
        default:
            return .rejected("unknown event")
        }
    }
}

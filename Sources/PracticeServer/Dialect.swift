import NIOCore

/// What a system says, apart from how it is carried.
///
/// A dialect is a value: it gets what clients sent and the time, and says what is to be sent. It opens no socket, reads
/// no clock and has no timer but `nextDeadline`, so that a test drives it through minutes of traffic at once. The
/// server owns one dialect on one event loop. Payloads come from clients and may hold anything that is valid JSON.
///
/// What a dialect does not need has a default below: one with Socket.IO alone takes no plain WebSockets, and the other
/// way round.
protocol Dialect: SendableMetatype {
    /// What it is called on the command line.
    static var system: String { get }

    /// Where it listens unless told otherwise.
    static var port: Int { get }

    /// The names of the faults that mean something to it.
    static var faults: [String] { get }

    /// The names of the events that it sends; an action refers to one by its place here.
    static var sentEvents: [String] { get }

    /// What is spoken where.
    static var endpoints: [Endpoint] { get }

    /// What is spoken where with these faults: `endpoints`, unless one of them moves it.
    static func endpoints(_ faults: FaultPlan) -> [Endpoint]

    /// The namespaces of Socket.IO that a client may join; a place in this list stands for one.
    static var namespaces: [String] { get }

    /// Whether the event `echo` is the dialect's own; otherwise the server acknowledges it by itself.
    static var takesEcho: Bool { get }

    /// After how long a client that has not taken a message is sent nothing any more; nil for never.
    static func sendTimeout(_ faults: FaultPlan) -> TimeAmount?

    init(seed: UInt64, faults: FaultPlan, clock: WallClock)

    /// When `advance(to:output:)` has something to do next.
    var nextDeadline: NIODeadline? { get }

    /// Why a client may not join a namespace: the message of a CONNECT_ERROR; nil where it may.
    mutating func refusal(
        of joining: Joining,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> String?

    /// A client joined a namespace.
    mutating func connect(_ socket: SocketID, _ joining: Joining, at now: NIODeadline, output: inout DialectOutput)

    /// A client left a namespace (0 for a plain WebSocket); told once for each that it had joined, also for clients
    /// that the dialect itself kicked.
    mutating func disconnect(_ socket: SocketID, namespace: Int, at now: NIODeadline, output: inout DialectOutput)

    /// A client sent an event; what is returned goes into the acknowledgement, if the client asked for one.
    mutating func receive(
        _ event: IncomingEvent,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply

    /// A client acknowledged an event of the dialect's.
    mutating func receive(
        _ acknowledgement: IncomingAcknowledgement,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    )

    /// A request over HTTP.
    mutating func respond(
        to request: DialectRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse

    /// Whether a plain WebSocket is taken that asks for one of the dialect's paths.
    mutating func admit(_ request: SocketRequest, at now: NIODeadline, output: inout DialectOutput) -> SocketAdmission

    /// A plain WebSocket that was admitted is open.
    mutating func open(
        _ socket: SocketID,
        _ request: SocketRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    )

    /// A plain WebSocket brought a message.
    ///
    /// - Returns: The name of the event that it is, under which it counts as received.
    mutating func receive(
        _ message: SocketMessage,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> String

    /// A plain WebSocket takes no more, or has taken all that was sent to it: what is left waits in this process.
    mutating func congestion(
        of socket: SocketID,
        isCongested: Bool,
        at now: NIODeadline,
        output: inout DialectOutput
    )

    /// A client was too slow: whatever is sent to it from now on is dropped by the server, though it stays connected.
    mutating func silence(_ socket: SocketID, at now: NIODeadline, output: inout DialectOutput)

    /// Does what is due.
    mutating func advance(to now: NIODeadline, output: inout DialectOutput)

    /// Writes what it counted into its parts of the truth; faults are in the server's log.
    func count(into truth: inout Truth)
}

extension Dialect {
    static var endpoints: [Endpoint] { [Endpoint("/socket.io/", .socketIO)] }

    static func endpoints(_ faults: FaultPlan) -> [Endpoint] { endpoints }

    static var namespaces: [String] { ["/"] }

    static var takesEcho: Bool { false }

    static func sendTimeout(_ faults: FaultPlan) -> TimeAmount? { faults.zombie }

    var nextDeadline: NIODeadline? { nil }

    mutating func refusal(
        of joining: Joining,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> String? { nil }

    mutating func connect(_ socket: SocketID, _ joining: Joining, at now: NIODeadline, output: inout DialectOutput) {}

    mutating func disconnect(
        _ socket: SocketID,
        namespace: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {}

    mutating func receive(
        _ event: IncomingEvent,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        .rejected("unknown event")
    }

    mutating func receive(
        _ acknowledgement: IncomingAcknowledgement,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {}

    mutating func respond(
        to request: DialectRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse {
        let isHealth = request.path == "/health" && request.method == "GET"
        var body = EventWriter(objectWithCapacity: 64)
        if isHealth {
            body.member("status", "ok")
        } else {
            body.member("error", "not_found")
        }
        return DialectResponse(
            route: isHealth ? "GET /health" : "other",
            status: isHealth ? 200 : 404,
            body: body.finishObject()
        )
    }

    mutating func admit(_ request: SocketRequest, at now: NIODeadline, output: inout DialectOutput) -> SocketAdmission {
        .accepted(subprotocol: nil)
    }

    mutating func open(
        _ socket: SocketID,
        _ request: SocketRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {}

    mutating func receive(
        _ message: SocketMessage,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> String {
        "message"
    }

    mutating func congestion(
        of socket: SocketID,
        isCongested: Bool,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {}

    mutating func silence(_ socket: SocketID, at now: NIODeadline, output: inout DialectOutput) {}

    mutating func advance(to now: NIODeadline, output: inout DialectOutput) {}

    func count(into truth: inout Truth) {}
}

import NIOCore
import Wire

/// Praxis as its public sources are today: an answer to each message on the socket that it came on, and nothing else.
///
/// The manager that the document describes is attached to no socket: nobody is welcomed, there are no ids, nothing is
/// broadcast, heartbeats and subscriptions are taken for chat, and no limit is kept unless the server was told one. A
/// DSL command takes 100 ms, during which nothing else is read of its socket. Every request over
/// HTTP, `/stats` too, is answered by 500: a middleware asks for the time of a Trio loop, and uvicorn runs none.
///
/// Source: prxs-ai/praxis-py-sdk 0.2.2, as uvicorn runs `praxis_sdk.api.server:app` without an agent, and there
/// `_handle_websocket_connection`.
struct PraxisCurrentDialect: Dialect {
    static let system = "praxis-current"
    static let port = 8080
    static let faults = ["latency", "buffer", "zombie", "refuse", "kill-after", "max-connections"]
    static let sentEvents = PraxisEvent.allCases.map { "\($0.name)" }
    static let endpoints = PraxisDialect.endpoints

    /// How long a DSL command takes.
    static let commandTime = TimeAmount.milliseconds(100)
    /// How many messages of a client wait behind a command; a real server leaves them to TCP.
    static let waitingLimit = 1000

    struct Connection {
        /// The command that is worked on; nothing else is read until it is done.
        var command: String?
        var waiting: CircularBuffer<SocketMessage> = []
    }

    let faults: FaultPlan
    let clock: WallClock
    var random: SplitMix64
    var connections: [SocketID: Connection] = [:]
    /// When commands are done.
    var timers = DeadlineHeap<SocketID>()
    var refused = 0

    init(seed: UInt64, faults: FaultPlan, clock: WallClock) {
        self.faults = faults
        self.clock = clock
        random = SplitMix64(seed, 7)
    }

    var nextDeadline: NIODeadline? { timers.next }

    mutating func admit(_ request: SocketRequest, at now: NIODeadline, output: inout DialectOutput) -> SocketAdmission {
        guard let limit = faults.maxConnections, connections.count >= limit else {
            return .accepted(subprotocol: nil)
        }
        // The server closes before it accepts, which uvicorn turns into this status and an empty page.
        refused += 1
        return .refused(status: 403, body: ByteBuffer())
    }

    mutating func open(
        _ socket: SocketID,
        _ request: SocketRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        connections[socket] = Connection()
    }

    mutating func disconnect(
        _ socket: SocketID,
        namespace: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        connections[socket] = nil
    }

    mutating func receive(
        _ message: SocketMessage,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> String {
        if let waiting = connections[socket]?.waiting.count, connections[socket]?.command != nil {
            if waiting < Self.waitingLimit {
                connections[socket]?.waiting.append(message)
            } else {
                output.actions.append(.close(socket, .tooLarge, code: 1008, reason: "Too many messages wait"))
            }
        } else {
            answer(message, socket, at: now, output: &output)
        }
        guard case .text(let bytes) = message, let envelope = JSONPayload(validating: bytes) else { return "malformed" }
        return envelope.string("type") ?? "untyped"
    }

    mutating func advance(to now: NIODeadline, output: inout DialectOutput) {
        while let (socket, _) = timers.popDue(at: now) {
            guard let command = connections[socket]?.command else { continue }
            finish(command, socket, output: &output)
            connections[socket]?.command = nil
            while connections[socket]?.command == nil, let next = connections[socket]?.waiting.popFirst() {
                answer(next, socket, at: now, output: &output)
            }
        }
    }

    mutating func respond(
        to request: DialectRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse {
        var body = EventWriter(objectWithCapacity: 128)
        body.member("error", "Internal server error")
        body.member("detail", "An unexpected error occurred")
        body.member("type", "server_error")
        return DialectResponse(
            route: request.path == "/stats" && request.method == "GET" ? "GET /stats" : "other",
            status: 500,
            body: body.finishObject()
        )
    }

    func count(into truth: inout Truth) {
        truth.connections.overLimit += refused
    }
}

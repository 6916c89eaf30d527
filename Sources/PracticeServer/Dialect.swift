import NIOCore

/// What a system says, apart from how it is carried.
///
/// A dialect is a value: it gets what clients sent and the time, and says what is to be sent. It opens no socket, reads
/// no clock and has no timer but `nextDeadline`, so that a test drives it through minutes of traffic at once. The
/// server owns one dialect on one event loop. Payloads come from clients and may hold anything that is valid JSON.
protocol Dialect: SendableMetatype {
    /// The names of the events that it sends; an action refers to one by its place here.
    static var sentEvents: [String] { get }

    init(seed: UInt64, faults: FaultPlan, clock: WallClock)

    /// When `advance(to:output:)` has something to do next.
    var nextDeadline: NIODeadline? { get }

    /// A client joined the namespace.
    ///
    /// - Parameter query: The session that the client named in its query string, if it did.
    mutating func connect(
        _ socket: SocketID,
        session query: String?,
        at now: NIODeadline,
        output: inout DialectOutput
    )

    /// A client left; told once for each that had joined, also for those that the dialect itself kicked.
    mutating func disconnect(_ socket: SocketID, at now: NIODeadline, output: inout DialectOutput)

    /// A client sent an event; what is returned goes into the acknowledgement, if the client asked for one.
    mutating func receive(
        _ event: IncomingEvent,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply

    /// A request over HTTP.
    mutating func respond(
        to request: DialectRequest,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> DialectResponse

    /// Does what is due.
    mutating func advance(to now: NIODeadline, output: inout DialectOutput)

    /// Writes what it counted into its parts of the truth; faults are in the server's log.
    func count(into truth: inout Truth)
}

/// A connection, for as long as it is joined; numbers are not used again.
struct SocketID: Hashable, Sendable {
    /// Where the server keeps the connection.
    var slot: Int32
    /// Which connection since the start it is.
    var ordinal: UInt32
}

/// An event of a client.
struct IncomingEvent {
    var name: String
    /// The first argument.
    var payload: JSONPayload
}

/// How an event was taken.
enum EventReply: Hashable {
    case accepted
    /// In a few words, why not.
    case rejected(String)
}

/// A request to the dialect's own routes.
struct DialectRequest {
    var method: String
    /// Without the query.
    var path: String
    /// The address that it came from, without the port.
    var address: String
    /// The body; nil where it is no valid JSON or empty.
    var body: JSONPayload?
}

/// The answer to a request; a body of JSON.
struct DialectResponse {
    /// How the request is counted: method and path where the dialect knows them, else `other`.
    var route: String
    var status: Int
    var body: ByteBuffer
}

/// What a dialect wants to be done, in order.
struct DialectOutput {
    enum Action {
        /// Sends an event; the buffer is the whole Engine.IO message.
        case send(SocketID, event: Int, message: ByteBuffer)
        /// Disconnects a client because a newer one took its place.
        case kick(SocketID)
    }

    var actions: [Action] = []
    /// Faults as they happen.
    var log = FaultLog()
}

import NIOCore
import Scenarios
import Wire

/// Whose connection it is: it hears what comes, and lends the connection its timers, cookies and values.
protocol ConnectionOwner: SeatedClient {
    var program: Program { get }
    /// In a trace.
    var name: String { get }
    /// Where times are recorded, which those of afflicted clients are kept apart by.
    var group: Int { get }
    var values: ClientValues { get set }
    var cookies: CookieJar { get set }
    /// What Socket.IO's own recovery of a session needs, by namespace; empty where the server does not offer it.
    var restorable: [SocketIORecovery?] { get set }
    /// Where what is said is taken down; nil: nowhere.
    var tape: ClientTape? { get }
    /// It may be told to stop reading.
    var mayStall: Bool { get }

    /// The transport is open.
    func opened(at now: NIODeadline)
    /// The session is open to messages: Engine.IO's, or the plain WebSocket.
    func sessionOpened(on connection: Connection)
    /// Every namespace is acknowledged: events can flow.
    func connected(at now: NIODeadline)
    /// The connection fell, or never came to be.
    func connectionLost(
        _ kind: String,
        _ example: @autoclosure () -> String,
        _ end: ConnectionEnd,
        at now: NIODeadline
    )
    /// The session stays on polling.
    func upgradeFailed(_ kind: String, _ example: @autoclosure () -> String, at now: NIODeadline)

    /// - Parameter question: the acknowledgement that the server asked for with it.
    func received(_ event: EventID, _ view: EventView, _ question: Question?, at now: NIODeadline)
    /// An event came that the scenario does not know.
    func receivedUnknown(at now: NIODeadline)
    func acknowledged(_ id: Int, in namespace: Int, _ view: EventView, at now: NIODeadline)
    /// Whether the message answers the connection's own heartbeat.
    ///
    /// - Parameter oldest: When the oldest heartbeat without an answer was sent.
    func isHeartbeat(
        _ event: EventID,
        _ view: EventView,
        answering answer: EventMatch,
        since oldest: NIODeadline
    ) -> Bool

    /// The socket takes what is written again.
    func wakeForRoom()
    /// A message was not sent, for too much waits for the socket already.
    func overflowed(_ queued: Int, at now: NIODeadline)

    /// A fault cuts the connection; what comes now is not the client's any more.
    func wasCut(at now: NIODeadline)
    /// Until `endAffliction` what it measures says nothing of those whom no fault has hit.
    func beginAffliction(at now: NIODeadline)
    func endAffliction(at now: NIODeadline)
}

import NIOCore
import NIOHTTP1
import Scenarios
import Wire

/// One request: what is asked, where, and who wants to know.
final class HTTPExchange {
    let head: HTTPRequestHead
    let body: ByteBuffer?
    let place: HTTPPlace
    let timeout: TimeAmount
    /// How long the answer's head and body may be.
    let limits: WireLimits
    /// Whether a connection may carry it that has carried another before.
    let mayReuse: Bool
    /// Where a connection opened for it counts among the `connect.…` times, being part of opening a session; nil: nowhere.
    let recordingGroup: Int?
    /// The route that the connection has to have; nil: any.
    let wantedRoute: Route?
    /// The size of the socket's receive buffer; nil: as the target says, or the system.
    let receiveBuffer: Int?
    /// The route of the connection that it was sent over last; nil: it was not sent yet.
    var route: Route?
    /// Nil once the caller has given up.
    private(set) var caller: (any HTTPCaller)?
    /// The connection that carries it.
    var connection: HTTPConnection?

    /// - Parameters:
    ///   - timeout: For the connection; how long the answer may take is the caller's to watch.
    ///   - route: That of another connection of the same session; nil: any.
    init(
        head: HTTPRequestHead,
        body: ByteBuffer?,
        place: HTTPPlace,
        timeout: TimeAmount,
        limits: WireLimits = WireLimits(),
        mayReuse: Bool = true,
        recordingGroup: Int? = nil,
        route: Route? = nil,
        receiveBuffer: Int? = nil,
        caller: any HTTPCaller
    ) {
        self.head = head
        self.body = body
        self.place = place
        self.timeout = timeout
        self.limits = limits
        self.mayReuse = mayReuse
        self.recordingGroup = recordingGroup
        wantedRoute = route
        self.receiveBuffer = receiveBuffer
        self.caller = caller
    }

    /// The method may be sent again without harm (RFC 9110, 9.2.2).
    var isIdempotent: Bool {
        switch head.method {
        case .GET, .HEAD, .PUT, .DELETE, .OPTIONS, .TRACE: true
        default: false
        }
    }

    /// Why it cannot be sent, nil where it can: a value that came from a server or a feed could smuggle in another header
    /// or request, and spoil the connection for the clients that use it after this one.
    var objection: String? {
        guard head.uri.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            return "the path of a request has a space or a control character in it"
        }
        let header = head.headers.first { $0.value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } }
        return header.map { "the value of the header \($0.name) has a control character in it" }
    }

    /// The caller does not want the answer any more: its connection, which could still bring it, is closed.
    func cancel() {
        caller = nil
        connection?.abandon()
        connection = nil
    }

    /// A fault cuts the connection that carries it; the caller hears nothing of it.
    func cutOff(as kind: DropKind) {
        caller = nil
        connection?.cutOff(as: kind)
        connection = nil
    }

    /// The exchange is over.
    ///
    /// - Returns: Who wants to know.
    func finish() -> (any HTTPCaller)? {
        defer {
            caller = nil
            connection = nil
        }
        return caller
    }
}

import NIOCore
import NIOHTTP1

/// One request: what is asked, where, and who wants to know.
final class HTTPExchange {
    let head: HTTPRequestHead
    let body: ByteBuffer?
    let place: HTTPPlace
    let timeout: TimeAmount
    /// Nil once the client has given up.
    private(set) var client: VirtualClient?
    /// The connection that carries it.
    var connection: HTTPConnection?

    init(head: HTTPRequestHead, body: ByteBuffer?, place: HTTPPlace, timeout: TimeAmount, client: VirtualClient) {
        self.head = head
        self.body = body
        self.place = place
        self.timeout = timeout
        self.client = client
    }

    /// The method may be sent again without harm (RFC 9110, 9.2.2).
    var isIdempotent: Bool {
        switch head.method {
        case .GET, .HEAD, .PUT, .DELETE, .OPTIONS, .TRACE: true
        default: false
        }
    }

    /// The client does not want the answer any more: its connection, which could still bring it, is closed.
    func cancel() {
        client = nil
        connection?.abandon()
        connection = nil
    }

    /// The exchange is over.
    ///
    /// - Returns: Who wants to know.
    func finish() -> VirtualClient? {
        defer {
            client = nil
            connection = nil
        }
        return client
    }
}

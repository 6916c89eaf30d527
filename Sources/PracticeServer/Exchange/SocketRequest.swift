import NIOCore
import NIOHTTP1

/// A plain WebSocket that wants to be opened.
struct SocketRequest {
    /// Path and query.
    let target: RequestTarget
    /// The address that it comes from, without the port.
    let address: String
    private let headers: HTTPHeaders

    init(target: RequestTarget, address: String, headers: HTTPHeaders) {
        self.target = target
        self.address = address
        self.headers = headers
    }

    /// The first header of this name.
    subscript(header name: String) -> String? { headers.first(name: name) }

    /// The subprotocols that the client offers, the most wanted first.
    var subprotocols: [String] {
        headers[canonicalForm: "Sec-WebSocket-Protocol"].map(String.init)
    }
}

/// Whether a plain WebSocket is taken.
enum SocketAdmission {
    case accepted(subprotocol: String?)
    /// Turned down with this status and a body of JSON.
    case refused(status: Int, body: ByteBuffer)
}

/// A whole message of a WebSocket.
enum SocketMessage: Hashable {
    case text(ByteBuffer)
    case binary(ByteBuffer)

    var bytes: ByteBuffer {
        switch self {
        case .text(let bytes), .binary(let bytes): bytes
        }
    }
}

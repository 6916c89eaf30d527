import NIOCore

/// Why a request to the Engine.IO endpoint is turned down, in the words of the official server.
///
/// Source: socketio/socket.io, packages/engine.io/lib/server.ts, `errors` and `errorMessages`.
enum EngineIORefusal: Int {
    case unknownTransport = 0
    case unknownSID = 1
    case badHandshakeMethod = 2
    case badRequest = 3
    case forbidden = 4
    case unsupportedProtocolVersion = 5

    var message: StaticString {
        switch self {
        case .unknownTransport: "Transport unknown"
        case .unknownSID: "Session ID unknown"
        case .badHandshakeMethod: "Bad handshake method"
        case .badRequest: "Bad request"
        case .forbidden: "Forbidden"
        case .unsupportedProtocolVersion: "Unsupported protocol version"
        }
    }

    var status: Int { self == .forbidden ? 403 : 400 }

    var body: ByteBuffer {
        var body = EventWriter(objectWithCapacity: 64)
        body.member("code", rawValue)
        body.member("message", message)
        return body.finishObject()
    }
}

import NIOCore
import Wire

/// How a connection ended, or why it did not come about: what a scenario sees of it as `closed` and `refused`.
enum ConnectionEnd {
    /// An open connection is gone. Codes are those of RFC 6455; 1005 and 1006 where the server sent none.
    case closed(code: UInt16, reason: String)
    /// A connect was turned down; the status is that of an HTTP answer, where there was one.
    case refused(status: Int?, message: String)
    /// Anything else: a time that ran out, a broken protocol, a limit of the generator's.
    case failed

    /// The event's arguments, as JSON.
    var arguments: [UInt8] {
        var members: [JSONValue.Member] = []
        switch self {
        case .closed(let code, let reason):
            members = [.init("code", .integer(Int(code))), .init("reason", .string(reason))]
        case .refused(let status, let message):
            members = [
                .init("status", status.map { .integer($0) } ?? .null), .init("message", .string(message)),
            ]
        case .failed: break
        }
        var buffer = ByteBuffer()
        JSONValue.array([.object(members)]).write(to: &buffer)
        return Array(buffer.readableBytesView)
    }
}

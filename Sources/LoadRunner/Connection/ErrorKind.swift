import NIOCore
import NIOHTTP1
import NIOPosix
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The kind under which a failure is counted, from what the system or a protocol said.
enum ErrorKind {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as WireError: error.kind
        case let error as IOError: kind(errno: error.errnoCode)
        case is NameLookup.Failure: "dns"
        case is TLSFailure: "tls"
        case HTTPParserError.headerOverflow: "too_large"
        case ChannelError.connectTimeout: "timeout"
        case ChannelError.eof, ChannelError.inputClosed, ChannelError.outputClosed, ChannelError.ioOnClosedChannel:
            "reset"
        default: "protocol"
        }
    }

    /// What the system said, in words.
    static func text(of error: any Error) -> String {
        switch error {
        case let error as IOError: "\(String(cString: strerror(error.errnoCode))) (errno \(error.errnoCode))"
        case HTTPParserError.headerOverflow: "the head of the answer is longer than `target.limits` allows"
        case ChannelError.connectTimeout: "no answer to the connection in time"
        case ChannelError.eof: "the server closed the connection"
        default: "\(error)"
        }
    }

    /// What the generator itself ran out of is never blamed on the target.
    private static func kind(errno code: CInt) -> String {
        switch code {
        case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH: "refused"
        case ETIMEDOUT: "timeout"
        case ECONNRESET, EPIPE, ECONNABORTED: "reset"
        case EMFILE, ENFILE: "generator.descriptors"
        case EADDRNOTAVAIL: "generator.ports"
        case ENOMEM, ENOBUFS: "generator.memory"
        default: "reset"
        }
    }
}

import NIOCore
import Scenarios

#if canImport(Glibc)
    import Glibc
#endif

/// The options of TCP sockets.
enum SocketSettings {
    typealias Option = (option: ChannelOptions.Types.SocketOption, value: SocketOptionValue)

    /// - Parameter receiveBuffer: For targets that say none themselves; nil: the system's.
    static func options(_ tcp: TCPOptions?, receiveBuffer: Int? = nil) -> [Option] {
        var options: [Option] = [(.tcpOption(.tcp_nodelay), tcp?.noDelay ?? true ? 1 : 0)]
        if let keepAlive = tcp?.keepAlive { options.append((.socketOption(.so_keepalive), keepAlive ? 1 : 0)) }
        if let size = tcp?.sendBuffer { options.append((.socketOption(.so_sndbuf), value(size))) }
        if let size = tcp?.receiveBuffer ?? receiveBuffer { options.append((.socketOption(.so_rcvbuf), value(size))) }
        return options
    }

    /// Lets a socket that is bound to an address wait for its port until it connects, when the same port may serve other
    /// servers too (ip(7), IP_BIND_ADDRESS_NO_PORT); nil where there is no such thing.
    static var portOnConnect: ChannelOptions.Types.SocketOption? {
        #if canImport(Glibc)
            ChannelOptions.Types.SocketOption(level: .ip, name: .init(rawValue: CInt(IP_BIND_ADDRESS_NO_PORT)))
        #else
            nil
        #endif
    }

    private static func value(_ size: Int) -> SocketOptionValue {
        SocketOptionValue(clamping: size)
    }
}

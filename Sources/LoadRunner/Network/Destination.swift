import NIOCore
import Scenarios

/// Where the clients of a group go, and what their connections are like.
struct Destination: Sendable {
    /// Bytes that wait for the socket, above which it counts as not writable.
    static let highWaterMark = 64 * 1024

    let host: String
    let port: Int
    let isSecure: Bool
    /// As the `Host` header says it.
    let authority: String
    /// The addresses of the host; nil where they are looked up before each connection.
    let addresses: [SocketAddress]?
    /// How long it took to look them up before the run.
    let lookupTime: TimeAmount?
    /// Nil without TLS.
    let tls: TLSClient?
    /// Nil: the options that targets have by themselves.
    let tcp: TCPOptions?
    let waterMark: ChannelOptions.Types.WriteBufferWaterMark

    init(
        _ url: ServerURL,
        addresses: [SocketAddress]?,
        lookupTime: TimeAmount? = nil,
        tls: TLSClient? = nil,
        tcp: TCPOptions? = nil,
        outboundLimit: Int = .max
    ) {
        host = Self.host(url)
        port = url.port
        isSecure = url.isSecure
        authority = Self.authority(url)
        self.addresses = addresses
        self.lookupTime = lookupTime
        self.tls = tls
        self.tcp = tcp
        let high = max(1, min(Self.highWaterMark, outboundLimit))
        waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: max(1, high / 2), high: high)
    }

    /// The host for the system: `fe80::1%25eth0` in a URL is `fe80::1%eth0` (RFC 6874).
    static func host(_ url: ServerURL) -> String {
        url.host.contains(":") ? url.host.replacing("%25", with: "%") : url.host
    }

    /// `host:port`, the port left out where it is the scheme's own; an interface means nothing to a server.
    private static func authority(_ url: ServerURL) -> String {
        var url = url
        if url.host.contains(":") { url.host = String(url.host.prefix { $0 != "%" }) }
        return String(url.description.drop { $0 != ":" }.dropFirst(3))
    }
}

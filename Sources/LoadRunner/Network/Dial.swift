import Metrics
import NIOCore
import NIOPosix
import NIOSSL
import Scenarios

/// The opening of one connection: the name's addresses, TCP, TLS, one after the other.
///
/// All within one time, which ends a little before the client's own for connecting: the client could not say which part
/// the server did not do.
final class Dial {
    private let dialer: Dialer
    private let handler: any DialedHandler
    private let destination: Destination
    /// Whose `connect.…` times this one is among; nil: nobody's.
    private let group: Int?
    private let source: SocketAddress?
    private let receiveBuffer: Int?
    private let deadline: NIODeadline
    /// When the running part began.
    private var partBegan = NIODeadline.now()

    init(
        _ dialer: Dialer,
        _ handler: any DialedHandler,
        to destination: Destination,
        group: Int?,
        timeout: TimeAmount,
        source: SocketAddress?,
        receiveBuffer: Int?
    ) {
        self.dialer = dialer
        self.handler = handler
        self.destination = destination
        self.group = group
        self.source = source
        self.receiveBuffer = receiveBuffer
        let margin = min(Int64(100_000_000), timeout.nanoseconds / 4)
        deadline = partBegan + .nanoseconds(timeout.nanoseconds - margin)
    }

    // MARK: Name

    func lookUp() {
        dialer.lookUp(destination).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let addresses):
                self.record(\.connectDNS, until: .now())
                self.tryNext(of: self.dialer.order(addresses, for: self.destination)[...], after: nil)
            case .failure(let error):
                self.handler.dialFailed(error)
            }
        }
    }

    // MARK: TCP

    /// Goes through the addresses as long as each turns the connection down.
    func tryNext(of addresses: ArraySlice<SocketAddress>, after error: (any Error)?) {
        let now = NIODeadline.now()
        let left = deadline - now
        guard let address = addresses.first, left > .zero else {
            return handler.dialFailed(error ?? ChannelError.connectTimeout(.zero))
        }
        partBegan = now
        // One that is silent must leave time for the others; as Go's dialer shares it out.
        let share = max(left.nanoseconds / Int64(addresses.count), min(left.nanoseconds, 2_000_000_000))
        connect(to: address, timeout: .nanoseconds(share)).assumeIsolated().whenComplete { result in
            switch result {
            case .success:
                if self.destination.tls == nil { self.record(\.connectTCP, until: .now()) }
            case .failure(let error):
                switch ErrorKind.of(error) {
                case "refused", "timeout":
                    self.dialer.failed(address, of: self.destination)
                    self.tryNext(of: addresses.dropFirst(), after: error)
                default:
                    self.handler.dialFailed(error)
                }
            }
        }
    }

    private func connect(to address: SocketAddress, timeout: TimeAmount) -> EventLoopFuture<any Channel> {
        let bound = NIOLoopBound(self, eventLoop: dialer.eventLoop)
        var bootstrap = ClientBootstrap(group: dialer.eventLoop)
            .connectTimeout(timeout)
            .channelOption(.writeBufferWaterMark, value: destination.waterMark)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try bound.value.install(in: channel.pipeline.syncOperations)
                }
            }
        for option in SocketSettings.options(destination.tcp, receiveBuffer: receiveBuffer) {
            bootstrap = bootstrap.channelOption(option.option, value: option.value)
        }
        if let source = dialer.source(for: address, like: source) {
            if let option = SocketSettings.portOnConnect { bootstrap = bootstrap.channelOption(option, value: 1) }
            bootstrap = bootstrap.bind(to: source)
        }
        return bootstrap.connect(to: address)
    }

    private func install(in pipeline: ChannelPipeline.SynchronousOperations) throws {
        if let client = destination.tls {
            let session = try session(client)
            try pipeline.addHandler(session)
            try pipeline.addHandler(TLSHandshakeHandler(client, session, self))
        }
        try handler.install(in: pipeline)
    }

    private func session(_ client: TLSClient) throws -> NIOSSLClientHandler {
        do {
            return try NIOSSLClientHandler(context: client.context, serverHostname: client.serverName)
        } catch {
            throw TLSFailure(error, of: client, certificate: nil) ?? error
        }
    }

    // MARK: TLS

    func handshakeBegins(_ handshake: TLSHandshakeHandler) {
        let now = NIODeadline.now()
        record(\.connectTCP, until: now)
        partBegan = now
        dialer.handshakes.add(handshake, deadline: deadline)
    }

    func handshakeEnded(_ handshake: TLSHandshakeHandler) {
        dialer.handshakes.remove(handshake)
        record(\.connectTLS, until: .now())
    }

    func handshakeFailed(_ handshake: TLSHandshakeHandler, _ error: any Error) {
        dialer.handshakes.remove(handshake)
        handler.dialFailed(error)
    }

    private func record(_ metric: KeyPath<FixedMetrics, TimeMetric>, until now: NIODeadline) {
        guard let group else { return }
        dialer.recorder.record(
            dialer.metrics[keyPath: metric],
            group: group,
            nanoseconds: max(0, (now - partBegan).nanoseconds)
        )
    }
}

import NIOCore
import NIOSSL
import NIOTLS

/// Stands between TLS and the handler that a connection was opened for, which hears of the connection when the TLS
/// handshake is over, and of what TLS has to say in words that it understands.
final class TLSHandshakeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum State {
        case connecting
        case handshaking
        case open
        /// It failed, and the dial knows.
        case failed
    }

    private let client: TLSClient
    private let session: NIOSSLClientHandler
    private let dial: Dial
    private var state = State.connecting
    private var context: ChannelHandlerContext?

    init(_ client: TLSClient, _ session: NIOSSLClientHandler, _ dial: Dial) {
        self.client = client
        self.session = session
        self.dial = dial
    }

    /// The time for the handshake is over.
    func timeOut() {
        fail(TLSFailure.timeout)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        state = .handshaking
        dial.handshakeBegins(self)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshaking = state, case .handshakeCompleted = event as? TLSUserEvent {
            state = .open
            dial.handshakeEnded(self)
            context.fireChannelActive()
        } else if case .open = state {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch state {
        case .handshaking:
            if let failure = TLSFailure(error, of: client, certificate: session.peerCertificate) {
                fail(failure)
            } else {
                // Who closes a socket without having read the first message resets it.
                fail(ErrorKind.of(error) == "reset" ? TLSFailure.closed : error)
            }
        case .open:
            switch error {
            // Whether the server ends the session before it closes the socket tells nothing about it: the protocols
            // above have an end of their own.
            case NIOSSLError.uncleanShutdown, NIOSSLError.shutdownFailed, is NIOSSLCloseTimedOutError: break
            default:
                let failure = TLSFailure(error, of: client, certificate: session.peerCertificate)
                context.fireErrorCaught(failure ?? error)
            }
        // While it connects the dial hears of errors itself.
        case .connecting, .failed:
            break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .open = state {
            context.fireChannelInactive()
        } else {
            fail(TLSFailure.closed)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .open = state { context.fireChannelRead(data) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .open = state { context.fireChannelReadComplete() }
    }

    private func fail(_ error: any Error) {
        guard case .handshaking = state else { return }
        state = .failed
        dial.handshakeFailed(self, error)
        context?.close(promise: nil)
    }
}

import NIOCore
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One of the two sockets of a connection through the proxy.
///
/// It is read only when its connection asks for it, and says when it takes no more; each direction ends by itself.
final class ProxySocket: ChannelInboundHandler, DialedHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Side {
        case client, upstream
    }

    /// Bytes that wait for a socket that is not there yet, above which it takes no more.
    static let waitingLimit = 64 * 1024

    let side: Side
    /// Nil when neither has anything to say to the other any more.
    private var owner: ProxyConnection?
    private var context: ChannelHandlerContext?
    /// What was written before the socket was there.
    private var waiting = ByteBuffer()
    private var isTaking = true
    private var unwritten = 0
    private var isFinishing = false
    private(set) var isFinished = false
    /// The peer has said that it sends no more.
    private(set) var inputEnded = false
    private(set) var isClosed = false

    init(_ side: Side, of owner: ProxyConnection) {
        self.side = side
        self.owner = owner
    }

    /// Whether more may be written now.
    var isWritable: Bool {
        isClosed || (context == nil ? waiting.readableBytes < Self.waitingLimit : isTaking)
    }

    var isOpen: Bool { context != nil }

    // MARK: Writing

    /// Writes bytes; they leave with the next flush.
    func write(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0, !isClosed, !isFinishing else { return }
        guard let context else {
            waiting.writeImmutableBuffer(bytes)
            return
        }
        unwritten += 1
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in bound.value.written() }
        context.write(wrapOutboundOut(bytes), promise: promise)
    }

    func flush() {
        context?.flush()
    }

    /// Ends this direction when all that was written has left: the peer reads an end.
    func finish() {
        guard !isFinishing else { return }
        isFinishing = true
        flush()
        finishIfWritten()
    }

    private func written() {
        unwritten -= 1
        if isFinishing { finishIfWritten() }
    }

    private func finishIfWritten() {
        guard unwritten == 0, !isFinished, let context else { return }
        isFinished = true
        if inputEnded { context.close(promise: nil) } else { context.close(mode: .output, promise: nil) }
    }

    // MARK: Reading

    func read() {
        guard !inputEnded else { return }
        context?.read()
    }

    // MARK: Ending

    /// Closes the socket in both directions at once.
    func close() {
        context?.close(promise: nil)
    }

    /// Closes with a TCP reset: what was said last may be lost.
    func reset() {
        guard let context else { return }
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        // TLS would first say good-bye.
        let tls = try? context.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self)
        (tls ?? context).close(promise: nil)
    }

    /// The connection is done with both sockets.
    func forget() {
        owner = nil
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        // Before it connects: an end that comes with the first bytes is one direction's, too.
        try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        isTaking = context.channel.isWritable
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        guard let owner else { return close() }
        let bytes = waiting
        waiting = ByteBuffer()
        let wasFinishing = isFinishing
        isFinishing = false
        write(bytes)
        flush()
        if wasFinishing { finish() }
        owner.opened(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        owner?.received(unwrapInboundIn(data), from: self)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        owner?.readCompleted()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isTaking = context.channel.isWritable
        if isTaking { owner?.readOn() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent, !inputEnded else { return }
        inputEnded = true
        owner?.inputEnded(of: self)
        if isFinished { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        owner?.failed(self, error)
        reset()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        isClosed = true
        owner?.closed(self)
        owner = nil
    }

    /// No connection came to be.
    func dialFailed(_ error: any Error) {
        isClosed = true
        owner?.dialFailed(error)
        owner = nil
    }
}

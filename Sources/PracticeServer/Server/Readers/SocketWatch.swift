import NIOCore

/// Watches what the socket of one connection takes, and how the other side ends it.
///
/// It stands next to the socket and sees every byte that leaves, whatever is spoken. The channel's watermark is so low
/// that it is writable only while nothing waits: then nothing is done here, and nothing is counted.
final class SocketWatch<D: Dialect>: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Below which and above which the channel calls itself writable or not.
    static var watermark: ChannelOptions.Types.WriteBufferWaterMark { .init(low: 1, high: 1) }

    private let service: Service<D>
    /// Whose messages go over the connection, once that is known.
    weak var peer: (any Peer)?
    /// How the client ended it, once it did.
    private(set) var departure = Departure.rst
    private var context: ChannelHandlerContext?
    private var backlog: Backlog?
    private var wasBlocked = false
    /// Whether the end of the connection is on its way.
    private var isCut = false
    /// Timers with another token are out of date.
    private var token: UInt32 = 0

    init(_ service: Service<D>) {
        self.service = service
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if backlog != nil {
            let bytes = unwrapOutboundIn(data).readableBytes
            backlog?.write(bytes, at: service.loop.now)
            service.counts.readers.bytes &+= bytes
        }
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        if !context.channel.isWritable { block() }
    }

    /// Goes no further than here: nobody else asks whether the channel is writable.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard let backlog, context.channel.isWritable else { return }
        self.backlog = nil
        token &+= 1
        service.counts.readers.drains.add((service.loop.now - backlog.since).nanoseconds / 1_000_000)
        peer?.congested(false)
    }

    /// The client's FIN; what it sent before it was read. Without it, the end of the connection is a reset.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        departure = .fin
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        backlog = nil
        token &+= 1
        context.fireChannelInactive()
    }
}

// What becomes of a client that does not read.
extension SocketWatch {
    /// Notes that something waits.
    private func block() {
        guard !isCut, let waiting else { return }
        let now = service.loop.now
        service.counts.readers.largestBacklog = max(service.counts.readers.largestBacklog, waiting)
        if backlog == nil { begin(waiting, at: now) }
        guard waiting > service.bufferLimit else { return }
        isCut = true
        // Not at once: whoever writes does not expect the connection to end under its hands.
        service.timers.push(.cut(self, bytes: waiting), at: now)
        service.arm()
    }

    private func begin(_ waiting: Int, at now: NIODeadline) {
        backlog = Backlog(waiting, at: now)
        service.counts.readers.episodes += 1
        service.counts.readers.bytes &+= waiting
        if !wasBlocked { service.counts.readers.blocked += 1 }
        wasBlocked = true
        token &+= 1
        if let limit = service.sendTimeout { service.timers.push(.slow(self, token: token), at: now + limit) }
        peer?.congested(true)
        service.arm()
    }

    /// Gives a client up whose oldest bytes have waited for too long.
    func check(_ token: UInt32, at now: NIODeadline) {
        guard token == self.token, let limit = service.sendTimeout, let waiting, let peer,
            let oldest = backlog?.oldest(waiting: waiting)
        else { return }
        guard now - oldest >= limit else {
            return service.timers.push(.slow(self, token: token), at: oldest + limit)
        }
        service.silence(peer, waiting: waiting, at: now)
    }

    /// Cuts the client off: a reset, since no close frame would get through.
    func cut(bytes: Int, at now: NIODeadline) {
        guard let context else { return }
        service.noteCut(peer, bytes: bytes, since: backlog?.since ?? now, at: now)
        peer?.reset(.tooSlow, at: now)
        context.channel.reset()
    }

    /// How many bytes the socket has not taken.
    private var waiting: Int? {
        context.flatMap { try? $0.channel.syncOptions?.getOption(.bufferedWritableBytes) }
    }
}

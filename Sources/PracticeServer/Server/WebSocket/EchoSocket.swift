import NIOCore

/// A plain WebSocket whose messages all come back.
///
/// Made for load: it reads bytes and writes bytes, with no codec before it, into one buffer that all of them share and
/// that is free again as soon as the kernel took what was written. So a read costs no memory, and one write.
final class EchoSocket<D: Dialect>: ChannelInboundHandler, Peer, Closing {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let service: Service<D>
    let id: SocketID
    let visitor: Visitor
    private let watch: SocketWatch<D>
    private(set) var isOpen = false
    private var context: ChannelHandlerContext?
    private var frames: EchoFrames
    /// What the fault `latency` holds back, oldest first.
    private var held: CircularBuffer<(bytes: ByteBuffer, due: NIODeadline)>?

    init(_ service: Service<D>, _ visitor: Visitor, _ watch: SocketWatch<D>) {
        self.service = service
        self.visitor = visitor
        self.watch = watch
        id = service.makeID()
        frames = EchoFrames(answersPings: service.faults.answersPings)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isOpen = true
        watch.peer = self
        service.open(self, at: service.loop.now)
        service.arm()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.closedByClient(watch.departure))
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isOpen else { return }
        let bytes = unwrapInboundIn(data)
        service.scratch.clear()
        let outcome = bytes.withUnsafeReadableBytes { frames.take($0, to: &service.scratch) }
        let messages = frames.finished
        frames.finished = 0
        service.counts.echoed &+= messages
        // A silenced client gets no pong either: one could stand in the middle of a frame.
        if service.suppresses(id, messages: messages) {
            service.counts.swallowed += messages
        } else if service.scratch.readableBytes > 0 {
            write(messages)
        }
        switch outcome {
        case .open: break
        case .closed: finish(.closedByClient(.closeFrame))
        case .failed: finish(.protocolError)
        }
    }

    /// Sends what is in the shared buffer, now or when the fault `latency` lets it.
    private func write(_ messages: Int) {
        guard messages > 0 || held?.isEmpty == false, let delay = service.drawLatency(messages: messages) else {
            context?.writeAndFlush(wrapOutboundOut(service.scratch), promise: nil)
            return
        }
        let due = max(service.loop.now + delay, held?.last?.due ?? .distantPast)
        if held == nil { held = [] }
        held?.append((service.scratch, due))
        service.timers.push(.peer(id, .held), at: due)
        service.arm()
    }

    func fire(_ timer: PeerTimer, due: NIODeadline, at now: NIODeadline) {
        guard case .held = timer else { return }
        while let first = held?.first, first.due <= now {
            held?.removeFirst()
            context?.write(wrapOutboundOut(first.bytes), promise: nil)
        }
        context?.flush()
    }

    /// Nothing is sent but what comes back.
    func send(_ message: ByteBuffer, attachments: [ByteBuffer]) -> Bool { false }

    func sendBinary(_ message: ByteBuffer) -> Bool { false }

    func close(_ end: ConnectionEnd, code: UInt16?, reason: String) {
        guard isOpen, let context else { return }
        var frame = context.channel.allocator.buffer(capacity: 4)
        EchoFrames.writeClose(code ?? 1000, to: &frame)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        finish(end)
    }

    func reset(_ reason: ConnectionEnd, at now: NIODeadline) {
        let channel = context?.channel
        end(reason)
        channel?.reset()
    }

    /// Ends the connection behind what was written, and gives the client a moment to end its side.
    private func finish(_ reason: ConnectionEnd) {
        while let first = held?.popFirst() {
            context?.write(wrapOutboundOut(first.bytes), promise: nil)
        }
        context?.flush()
        end(reason)
        context?.close(mode: .output, promise: nil)
        service.timers.push(.closing(self), at: service.loop.now + .seconds(2))
        service.arm()
    }

    /// Closes the channel without another word.
    func cut() {
        context?.close(promise: nil)
    }

    private func end(_ end: ConnectionEnd) {
        guard isOpen else { return }
        isOpen = false
        service.noteEnd(end, of: self)
        service.release(id)
    }
}

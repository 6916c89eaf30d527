import NIOCore

/// Stands between a socket and the handlers of its channel while a client does not read, or reads slowly.
///
/// First in the pipeline, so that its bytes are those of the socket, those of TLS included; nobody else's reads have it
/// in their way. Closed, it lets nothing through and asks the socket for nothing, or for as much as a byte rate allows;
/// open, it counts.
///
/// The channel reads by itself, unasked, what is left when the server closes or resets the connection, and what the read
/// under way still brings as the gate closes. That is held back here: unread, as far as the client is concerned. It goes
/// on when the gate opens, or when the connection is over, before its end is told.
final class ReadGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = Never

    /// The bytes of one slow read are about those of this time.
    private static let grain = TimeAmount.milliseconds(20)
    private static let maximumReadSize = 1 << 16

    let channel: any Channel
    /// Bytes that went on since the gate was put in.
    private(set) var passed = 0
    private var context: ChannelHandlerContext?
    private var isClosed = false
    private var isRemoved = false
    /// Bytes go on at the moment, so that the gate cannot be taken out.
    private var isPassing = false
    private var held = ByteBuffer()
    /// What was unread when the connection ended.
    private var unreadAtEnd: Int?

    // Of slow reading.
    /// Bytes per second; nil: none at all.
    private var rate: Int?
    /// Bytes that may be read now; less than none where a read brought more than it should.
    private var credit = 0.0
    private var creditedAt = NIODeadline.now()
    private var isAsked = false
    private var usual: (allocator: any RecvByteBufferAllocator, messages: UInt)?

    private init(_ channel: any Channel) {
        self.channel = channel
    }

    /// Puts an open gate into the channel.
    ///
    /// - Returns: Nil where the channel is closed.
    static func install(in channel: any Channel) -> ReadGate? {
        let gate = ReadGate(channel)
        let isIn = (try? channel.pipeline.syncOperations.addHandler(gate, position: .first)) != nil
        return isIn ? gate : nil
    }

    /// Bytes that came and have not gone on.
    var unread: Int {
        unreadAtEnd ?? held.readableBytes + (TCPInfo.unread(of: channel) ?? 0)
    }

    // MARK: Control

    /// Closes the gate.
    ///
    /// - Parameter rate: Bytes per second that go through; nil: none.
    func close(rate: Int?, at now: NIODeadline) {
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        isClosed = true
        self.rate = rate
        credit = 0
        creditedAt = now
        guard let rate else { return takeUsualSizes() }
        // One read at a time, and a small one: what a read brings is spent.
        keepUsualSizes()
        let grain = Double(rate) * Double(Self.grain.nanoseconds) / 1e9
        let size = Int(min(max(grain, 1), Double(Self.maximumReadSize)))
        try? channel.syncOptions?.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: size))
        try? channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
    }

    /// Lets time pass: a slow gate reads what its rate allows.
    func proceed(at now: NIODeadline) {
        guard isClosed, let rate else { return }
        let rest = max(0, (now - creditedAt).nanoseconds)
        creditedAt = now
        // What was not there to be read is not made up for.
        let limit = max(Double(rate) * Double(Self.grain.nanoseconds) * 2 / 1e9, 1)
        credit = min(credit + Double(rate) * Double(rest) / 1e9, limit)
        if held.readableBytes > 0, credit > 0 { passHeld() }
        ask()
    }

    /// Opens the gate, and lets through what was held back.
    func open() {
        guard isClosed else { return }
        isClosed = false
        takeUsualSizes()
        passHeld()
        try? channel.syncOptions?.setOption(.autoRead, value: true)
    }

    /// Opens the gate and takes it out.
    func remove() {
        guard !isRemoved else { return }
        isRemoved = true
        open()
        takeOut()
    }

    private func takeOut() {
        guard isRemoved, !isPassing, let context else { return }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    private func keepUsualSizes() {
        guard usual == nil, let options = channel.syncOptions,
            let allocator = try? options.getOption(.recvAllocator),
            let messages = try? options.getOption(.maxMessagesPerRead)
        else { return }
        usual = (allocator, messages)
    }

    private func takeUsualSizes() {
        guard let usual = usual.take() else { return }
        try? channel.syncOptions?.setOption(.recvAllocator, value: usual.allocator)
        try? channel.syncOptions?.setOption(.maxMessagesPerRead, value: usual.messages)
    }

    private func ask() {
        guard isClosed, rate != nil, credit > 0, !isAsked, let context else { return }
        isAsked = true
        context.read()
    }

    private func passHeld() {
        guard held.readableBytes > 0, let context else { return }
        let bytes = held
        held = ByteBuffer()
        credit -= Double(bytes.readableBytes)
        passed += bytes.readableBytes
        pass {
            context.fireChannelRead(wrapInboundOut(bytes))
            // Handlers that answer wait for this one.
            context.fireChannelReadComplete()
        }
    }

    /// Sends events on. What they lead to may want the gate out of the channel, which has to wait: a handler that was
    /// taken out reaches nobody any more.
    private func pass(_ body: () -> Void) {
        let wasPassing = isPassing
        isPassing = true
        body()
        isPassing = wasPassing
        takeOut()
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func read(context: ChannelHandlerContext) {
        if !isClosed { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if isClosed {
            guard isAsked else {
                held.writeBuffer(&bytes)
                return
            }
            isAsked = false
            credit -= Double(bytes.readableBytes)
        }
        passed += bytes.readableBytes
        context.fireChannelRead(wrapInboundOut(bytes))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        ask()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        pass {
            passLast()
            context.fireErrorCaught(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        pass {
            passLast()
            context.fireChannelInactive()
        }
    }

    /// The connection is over: what was read of it goes on before its end is told.
    private func passLast() {
        if unreadAtEnd == nil { unreadAtEnd = held.readableBytes }
        isClosed = false
        passHeld()
    }
}

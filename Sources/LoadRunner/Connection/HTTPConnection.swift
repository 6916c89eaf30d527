import NIOCore
import NIOHTTP1
import Scenarios
import Wire

/// One HTTP/1.1 connection: one request at a time.
final class HTTPConnection: ChannelInboundHandler, DialedHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// Since when it has nothing to do.
    private(set) var idleSince = NIODeadline.now()
    /// Nil while it is not open.
    private(set) var route: Route?
    private let worker: Worker
    private let limits: WireLimits
    private var context: ChannelHandlerContext?
    private var exchange: HTTPExchange?
    private var response: HTTPResponseHead?
    private var body = ByteBuffer()
    /// It has answered before, so that the server may have closed it meanwhile.
    private var isReused = false
    private var isAbandoned = false
    /// What a fault does to it.
    private var cut: DropKind?

    init(worker: Worker, first exchange: HTTPExchange) {
        self.worker = worker
        self.exchange = exchange
        limits = exchange.limits
        exchange.connection = self
    }

    var isUsable: Bool { context != nil && exchange == nil && !isAbandoned }

    /// Sends a request over a connection that has answered another before.
    func start(_ exchange: HTTPExchange) {
        self.exchange = exchange
        exchange.connection = self
        isReused = true
        send()
    }

    func close() {
        context?.close(promise: nil)
    }

    /// Nobody wants the answer: the connection is of no use to others.
    func abandon() {
        exchange = nil
        isAbandoned = true
        close()
    }

    /// Resets the socket, or leaves it open and silent; who sent the request hears nothing of it.
    func cutOff(as kind: DropKind) {
        exchange = nil
        isAbandoned = true
        // One that is still being opened is cut when it is there.
        cut = kind
        guard let channel = context?.channel else { return }
        context = nil
        let socket = SilentSocket.cutOff(channel, of: worker)
        if kind == .reset { socket?.reset() }
    }

    /// The channel; nil while it is not open.
    var channel: (any Channel)? { context?.channel }

    // MARK: Channel

    func install(in pipeline: ChannelPipeline.SynchronousOperations) throws {
        var headLimits = NIOHTTPDecoderLimitConfiguration()
        headLimits.maxHeaderFieldSize = limits.headers
        headLimits.maxHeaderListSize = limits.headers
        headLimits.maxHeaderFieldCount = limits.headers
        let decoder = HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: headLimits)
        try pipeline.addHandlers([HTTPRequestEncoder(), ByteToMessageHandler(decoder)])
        try pipeline.addHandler(self)
    }

    func dialFailed(_ error: any Error) {
        failed(error)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        route = Route(of: context)
        worker.reachedTarget = true
        if let cut { return cutOff(as: cut) }
        guard !isAbandoned else { return close() }
        send()
        // No client's code runs here, and the next tick would be late.
        flush()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        failed(ChannelError.eof)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isAbandoned = true
        failed(error)
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let exchange else {
            // An answer that nobody asked for: what comes next on this connection could belong to anything.
            abandon()
            return
        }
        switch unwrapInboundIn(data) {
        case .head(let head):
            response = head.status.code >= 200 ? head : nil
        case .body(var part):
            guard body.readableBytes + part.readableBytes <= exchange.limits.body else {
                end("too_large", "the answer's body is longer than \(exchange.limits.body) bytes")
                abandon()
                return
            }
            body.writeBuffer(&part)
        case .end:
            if let response { answered(response) }
        }
    }

    /// The connection, or the dialing of it, failed.
    private func failed(_ error: any Error) {
        guard let exchange else { return }
        // The server may close an idle connection just when it is used again: no failure of a request that can be
        // sent twice.
        if isReused, response == nil, exchange.isIdempotent, ErrorKind.of(error) == "reset" {
            self.exchange = nil
            exchange.connection = nil
            worker.http.open(for: exchange)
            return
        }
        end(ErrorKind.of(error), "\(exchange.head.method) \(exchange.head.uri): \(ErrorKind.text(of: error))")
    }

    private func send() {
        guard let context, let exchange else { return }
        response = nil
        body.clear()
        exchange.route = route
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if let body = exchange.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        worker.flushLater(self)
    }

    /// Hands the request to the socket; not while a client's code runs.
    func flush() {
        context?.flush()
    }

    private func answered(_ response: HTTPResponseHead) {
        let now = NIODeadline.now()
        guard let exchange else { return }
        let caller = exchange.finish()
        self.exchange = nil
        let content = body
        body = ByteBuffer()
        idleSince = now
        if response.isKeepAlive { worker.http.giveBack(self, after: exchange) } else { close() }
        caller?.responded(response, content, at: now)
        worker.flush()
    }

    private func end(_ kind: String, _ example: String) {
        let caller = exchange?.finish()
        exchange = nil
        caller?.requestFailed(kind, example, at: .now())
        worker.flush()
    }
}

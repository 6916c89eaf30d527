import NIOCore
import NIOHTTP1

/// One HTTP/1.1 connection to an endpoint: one request at a time.
final class EndpointConnection: ChannelInboundHandler, DialedHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The head of an answer may be that long.
    private static let headLimit = 65_536

    private let client: EndpointClient
    private var exchange: EndpointClient.Exchange?
    private var context: ChannelHandlerContext?
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []
    private var isAbandoned = false

    init(_ client: EndpointClient, first exchange: EndpointClient.Exchange) {
        self.client = client
        self.exchange = exchange
        exchange.connection = self
    }

    var isUsable: Bool { context != nil && exchange == nil && !isAbandoned }

    /// Sends another request over the open connection.
    func start(_ exchange: EndpointClient.Exchange) {
        self.exchange = exchange
        exchange.connection = self
        send()
    }

    /// Nobody wants what may still come.
    func abandon() {
        exchange = nil
        isAbandoned = true
        body = []
        context?.close(promise: nil)
    }

    // MARK: Channel

    func install(in pipeline: ChannelPipeline.SynchronousOperations) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = Self.headLimit
        limits.maxHeaderListSize = Self.headLimit
        limits.maxHeaderFieldCount = Self.headLimit
        let decoder = HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
        try pipeline.addHandlers([HTTPRequestEncoder(), ByteToMessageHandler(decoder)])
        try pipeline.addHandler(self)
    }

    func dialFailed(_ error: any Error) {
        fail(error)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        if isAbandoned { context.close(promise: nil) } else { send() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        fail(ChannelError.eof)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error)
        abandon()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What comes without having been asked for could belong to anything.
        guard let exchange else { return abandon() }
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head.status.code >= 200 ? head : nil
        case .body(let part):
            guard body.count + part.readableBytes <= exchange.limit else {
                end(EndpointFailure(text: "the answer is longer than \(exchange.limit) bytes"))
                return abandon()
            }
            body += part.readableBytesView
        case .end:
            guard let head else { return }
            self.exchange = nil
            let body = body
            self.body = []
            client.answered(exchange, EndpointClient.Answer(head: head, body: body), over: self)
        }
    }

    private func send() {
        guard let context, let exchange else { return }
        head = nil
        body = []
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if let body = exchange.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func fail(_ error: any Error) {
        let text: String
        if case HTTPParserError.headerOverflow = error {
            text = "the head of the answer is longer than \(Self.headLimit) bytes"
        } else {
            // What a scenario could do about a certificate does not help here.
            let sentence = ErrorKind.text(of: error)
            text = sentence.firstRange(of: "; name the one").map { String(sentence[..<$0.lowerBound]) } ?? sentence
        }
        end(EndpointFailure(text: text))
    }

    private func end(_ failure: EndpointFailure) {
        guard let exchange else { return }
        self.exchange = nil
        client.failed(exchange, failure, hadAnswer: head != nil)
    }
}

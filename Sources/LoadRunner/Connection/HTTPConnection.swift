import NIOCore
import NIOHTTP1

/// One HTTP/1.1 connection: one request at a time.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// Answers with a longer body are an error.
    static let bodyLimit = 1 << 20

    /// What is asked, and who wants to know.
    final class Request {
        let head: HTTPRequestHead
        let body: ByteBuffer?
        let timeout: TimeAmount
        /// Nil once the client has given up.
        var client: VirtualClient?

        init(head: HTTPRequestHead, body: ByteBuffer?, timeout: TimeAmount, client: VirtualClient) {
            self.head = head
            self.body = body
            self.timeout = timeout
            self.client = client
        }
    }

    private unowned let pool: HTTPPool
    private let group: Int
    private var context: ChannelHandlerContext?
    private var request: Request?
    private var response: HTTPResponseHead?
    private var body = ByteBuffer()
    /// It has answered before, so that the server may have closed it meanwhile.
    private var isReused = false

    init(pool: HTTPPool, group: Int, first: Request) {
        self.pool = pool
        self.group = group
        request = first
    }

    var isUsable: Bool { context != nil && request == nil }

    func start(_ request: Request) {
        self.request = request
        isReused = true
        send()
    }

    func close() {
        context?.close(promise: nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        send()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        failed(ChannelError.eof)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failed(error)
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            response = head.status.code >= 200 ? head : nil
        case .body(var part):
            guard body.readableBytes + part.readableBytes <= Self.bodyLimit else {
                end("too_large", "the answer's body is longer than \(Self.bodyLimit) bytes")
                context.close(promise: nil)
                return
            }
            body.writeBuffer(&part)
        case .end:
            guard let response else { return }
            answered(response)
        }
    }

    /// The connection, or the dialing of it, failed.
    func failed(_ error: any Error) {
        guard let request else { return }
        // The server may close an idle connection just when it is used again: that is no failure of the request.
        if isReused, response == nil, body.readableBytes == 0 {
            self.request = nil
            pool.open(for: request, group: group)
            return
        }
        end(ErrorKind.of(error), "\(request.head.method) \(request.head.uri): \(error)")
    }

    private func send() {
        guard let context, let request else { return }
        response = nil
        body.clear()
        context.write(wrapOutboundOut(.head(request.head)), promise: nil)
        if let body = request.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func answered(_ response: HTTPResponseHead) {
        let now = NIODeadline.now()
        let client = request?.client
        request = nil
        let content = body
        body = ByteBuffer()
        if response.isKeepAlive { pool.giveBack(self, group: group) } else { close() }
        client?.responded(response, content, at: now)
    }

    private func end(_ kind: String, _ example: String) {
        let client = request?.client
        request = nil
        client?.requestFailed(kind, example, at: .now())
    }
}

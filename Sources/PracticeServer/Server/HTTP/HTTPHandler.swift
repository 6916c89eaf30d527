import NIOCore
import NIOHTTP1

/// Answers HTTP requests: those of Engine.IO's polling, the dialect's own, and upgrades that were turned down.
///
/// NIO's pipelining assistance in front of it hands on one request at a time.
final class HTTPHandler<D: Dialect>: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The largest body of a request of the dialect's, in bytes.
    private static var bodyLimit: Int { 1_000_000 }

    private let service: Service<D>
    let watch: SocketWatch<D>
    private var context: ChannelHandlerContext?
    /// The request that was not answered yet.
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var isTooLarge = false
    private var purpose = HTTPPurpose.dialect
    /// What the answer to this request sets, if it sets one.
    var cookie: String?
    /// What the upgrader decided about this connection's first request.
    var turnedDown: HTTPAnswer?

    init(_ service: Service<D>, _ watch: SocketWatch<D>) {
        self.watch = watch
        self.service = service
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(var part):
            let limit = purpose.isPost ? service.configuration.maxPayload : Self.bodyLimit
            if body.readableBytes + part.readableBytes <= limit {
                body.writeBuffer(&part)
            } else {
                isTooLarge = true
            }
        case .end:
            end()
            service.settle()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An upgrade that NIO turned down goes on as an ordinary request, which is answered then.
        if error is HTTPParserError { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        if head != nil, let session = purpose.session.flatMap({ service.session($0) }) {
            session.lost(self, watch.departure)
        }
        service.settle()
    }

    /// Resets the TCP connection.
    func reset() {
        head = nil
        context?.channel.reset()
    }

    /// Answers the request that is under way.
    func respond(_ answer: HTTPAnswer) {
        guard let head, let context else { return }
        self.head = nil
        if let route = purpose.route(head) { service.countRequest(route, answer.status) }
        let isLast = !head.isKeepAlive || isTooLarge || head.headers.contains(name: "Upgrade")
        var response = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status))
        if !answer.contentType.isEmpty { response.headers.add(name: "Content-Type", value: answer.contentType) }
        if answer.status != 204 {
            response.headers.add(name: "Content-Length", value: String(answer.body.readableBytes))
        }
        for header in answer.headers { response.headers.add(name: header.name, value: header.value) }
        for header in service.crossOrigin.headers(for: head) {
            response.headers.add(name: header.name, value: header.value)
        }
        if let cookie = cookie.take() { response.headers.add(name: "Set-Cookie", value: cookie) }
        if isLast { response.headers.add(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head.method != .HEAD, answer.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        }
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if isLast {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            written.whenComplete { _ in bound.value.close(promise: nil) }
        }
    }
}

extension HTTPHandler {
    private func begin(_ head: HTTPRequestHead) {
        self.head = head
        body.clear()
        isTooLarge = false
        if let turnedDown {
            self.turnedDown = nil
            purpose = .answer(turnedDown, route: nil)
        } else {
            purpose = service.purpose(of: head)
        }
        if case .post(let id, let path) = purpose, service.session(id)?.beginPost(self) != true {
            purpose = .answer(.empty(400), route: path)
        }
    }

    private func end() {
        guard let head else { return }
        let now = service.loop.now
        switch purpose {
        case .answer(let answer, _): respond(answer)
        case .open(let endpoint, let opening):
            EngineSession.open(service, endpoint.kind, opening, by: self, at: now)
        case .poll(let id, _):
            guard let session = service.session(id) else { return respond(.refusal(.unknownSID)) }
            watch.peer = session
            session.takePoll(self)
        case .post(let id, _):
            guard let session = service.session(id) else { return respond(.refusal(.unknownSID)) }
            guard !isTooLarge else {
                session.post = nil
                return respond(.empty(413))
            }
            respond(session.endPost(body, contentType: head.headers.first(name: "Content-Type")))
        case .dialect:
            // The fault `latency` is about replies to messages and requests, not about becoming a connection.
            guard let delay = service.drawLatency() else { return answer(at: now) }
            service.timers.push(.request(self), at: now + delay)
        }
    }

    /// Answers a request of the dialect's, now or when the fault `latency` lets it.
    func answer(at now: NIODeadline) {
        guard let head, let context else { return }
        let response: DialectResponse
        if isTooLarge {
            response = Self.error(413, "body_too_large")
        } else if !service.crossOrigin.origins.allows(head.headers.first(name: "Origin")) {
            response = Self.error(403, "origin_not_allowed")
        } else {
            let request = DialectRequest(
                method: head.method.rawValue,
                path: RequestTarget(head.uri).path,
                address: context.remoteAddress?.ipAddress ?? "",
                body: JSONPayload(validating: body),
                headers: CredentialHeaders(head.headers)
            )
            response = service.dialect.respond(to: request, at: now, output: &service.output)
        }
        service.countRequest(response.route, response.status)
        var answer = HTTPAnswer.json(response.status, response.body)
        answer.headers = response.headers
        respond(answer)
    }

    private static func error(_ status: Int, _ message: StaticString) -> DialectResponse {
        DialectResponse(route: "other", status: status, body: HTTPAnswer.error(status, message).body)
    }
}

import NIOCore
import NIOHTTP1

/// Answers HTTP requests: the dialect's own, and upgrades that were turned down.
///
/// NIO's pipelining assistance in front of it hands on one request at a time.
final class HTTPHandler<D: Dialect>: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The largest body of a request, in bytes.
    private static var bodyLimit: Int { 1_000_000 }

    private let service: Service<D>
    private var context: ChannelHandlerContext?
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var isTooLarge = false
    /// What the upgrader decided about this connection's first request.
    var turnedDown: HTTPAnswer?

    init(_ service: Service<D>) {
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
        case .head(let head):
            self.head = head
            body.clear()
            isTooLarge = false
        case .body(var part):
            if body.readableBytes + part.readableBytes <= Self.bodyLimit {
                body.writeBuffer(&part)
            } else {
                isTooLarge = true
            }
        case .end:
            // The fault `latency` is about replies to messages and requests, not about becoming a connection.
            if turnedDown == nil, let delay = service.drawLatency() {
                service.timers.push(.request(self), at: service.loop.now + delay)
                service.arm()
            } else {
                answer(at: service.loop.now)
                service.settle()
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An upgrade that NIO turned down goes on as an ordinary request, which is answered then.
        if error is HTTPParserError { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
    }

    /// Answers the request that the fault `latency` held back.
    func answerHeld(at now: NIODeadline) {
        answer(at: now)
    }

    private func answer(at now: NIODeadline) {
        guard let head, let context else { return }
        self.head = nil
        let answer = compose(head, context, at: now)
        let isLast = !head.isKeepAlive || isTooLarge || head.headers.contains(name: "Upgrade")
        var response = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status))
        response.headers.add(name: "Content-Type", value: "application/json")
        response.headers.add(name: "Content-Length", value: String(answer.body.readableBytes))
        if isLast { response.headers.add(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        }
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if isLast {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            written.whenComplete { _ in bound.value.close(promise: nil) }
        }
    }

    private func compose(_ head: HTTPRequestHead, _ context: ChannelHandlerContext, at now: NIODeadline) -> HTTPAnswer {
        if let turnedDown {
            self.turnedDown = nil
            return turnedDown
        }
        if let verdict = service.verdict(on: head, isUpgrade: false) {
            return turnDown(verdict, head)
        }
        if isTooLarge { return count("other", .error(413, "body_too_large")) }
        guard service.handshake.origins.allows(head.headers.first(name: "Origin")) else {
            return count("other", .error(403, "origin_not_allowed"))
        }
        let request = DialectRequest(
            method: head.method.rawValue,
            path: RequestTarget(head.uri).path,
            address: context.remoteAddress?.ipAddress ?? "",
            body: JSONPayload(validating: body)
        )
        let response = service.dialect.respond(to: request, at: now, output: &service.output)
        return count(response.route, HTTPAnswer(status: response.status, body: response.body))
    }

    /// Answers a request to the Engine.IO endpoint that is no upgrade, or none that is in order.
    private func turnDown(_ verdict: Handshake.Verdict, _ head: HTTPRequestHead) -> HTTPAnswer {
        let error: EngineIOError =
            switch verdict {
            case .accepted: .badRequest
            case .rejected(let error): error
            }
        let answer = HTTPAnswer(status: error.status, body: error.body)
        guard head.headers.contains(name: "Upgrade") else {
            return count(service.configuration.path, answer)
        }
        service.counts.connections.rejected += 1
        return answer
    }

    private func count(_ route: String, _ answer: HTTPAnswer) -> HTTPAnswer {
        service.counts.http["\(route) \(answer.status)", default: 0] += 1
        return answer
    }
}

import Metrics
import NIOCore
import NIOHTTP1

/// One connection of the dashboard: answers requests, and carries the events to a viewer.
///
/// Only GET is understood; the bodies of requests are read and thrown away. A connection has one answer at a time: the
/// pipeline keeps the next request, and reads no more, until the end of the answer has been written; and that is written
/// only when the rest has left for the kernel. So who asks and does not read holds one answer in memory, for
/// `DashboardLoop.patience` at the most.
final class DashboardConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let loop: DashboardLoop
    private var context: ChannelHandlerContext?
    private var head: HTTPRequestHead?
    private var deadline: Scheduled<Void>?
    private var isViewer = false
    private var isAnswering = false
    private var isEnding = false
    /// What was written and has not left yet.
    private var pending = 0

    init(_ loop: DashboardLoop) {
        self.loop = loop
    }

    // MARK: - Channel

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        guard loop.add(self) else {
            context.close(promise: nil)
            return
        }
        waitForAnswer()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        self.context = nil
        loop.remove(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            guard head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) else {
                break
            }
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))),
                promise: nil
            )
        case .body: break
        case .end:
            guard let head = head.take(), !isViewer else { return }
            answer(head)
        }
    }

    /// Closes the connection of whoever asks for nothing, or does not read what he asked for.
    private func waitForAnswer() {
        deadline?.cancel()
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        deadline = loop.eventLoop.scheduleTask(in: DashboardLoop.patience) { bound.value.close() }
    }

    func close() { context?.close(promise: nil) }

    // MARK: - Requests

    private func answer(_ head: HTTPRequestHead) {
        var hosts = head.headers["host"]
        var path = head.uri[...]
        // The absolute form says itself whose it is, and one Host header has to be there all the same (RFC 9112, 3.2.2).
        if path.prefix(7).lowercased() == "http://" {
            let authority = path.dropFirst(7).prefix { !"/?#".contains($0) }
            path = path[authority.endIndex...]
            if hosts.count == 1 { hosts = [String(authority)] }
            if path.first != "/" { path = "/" + path }
        }
        guard loop.rule.allows(hosts) else {
            let isMissing = hosts.count != 1 || hosts[0].isEmpty
            let why =
                isMissing
                ? "This needs one Host header."
                : "This server answers to the names of this machine only, such as localhost."
            return respond(.plain(isMissing ? .badRequest : .forbidden, why, closes: true), head)
        }
        guard head.method == .GET else {
            var response = DashboardResponse.plain(.methodNotAllowed, "Only GET is understood here.", closes: true)
            response.headers.add(name: "allow", value: "GET")
            return respond(response, head)
        }
        switch path.prefix(while: { $0 != "?" && $0 != "#" }) {
        case "/": respond(.page(), head)
        case "/metrics":
            let format = Self.format(head.headers)
            respond(.text(loop.content.metrics(format), type: format.contentType), head)
        case "/events": watch(head)
        default: respond(.plain(.notFound, "There is /, /events and /metrics.", closes: false), head)
        }
    }

    /// OpenMetrics where it is asked for, whatever else would do too, as Prometheus asks.
    private static func format(_ headers: HTTPHeaders) -> PrometheusText.Format {
        let types = headers[canonicalForm: "accept"].map { $0.lowercased().filter { $0 != " " } }
        let asksForIt = types.contains { type in
            type.hasPrefix("application/openmetrics-text") && !type.hasSuffix(";q=0")
                && (!type.contains("version=") || type.contains("version=1.0.0"))
        }
        return asksForIt ? .openMetrics : .prometheus
    }

    private func respond(_ response: DashboardResponse, _ request: HTTPRequestHead) {
        guard let context else { return }
        isAnswering = true
        let closes = response.closes || isEnding || !request.isKeepAlive
        var headers = response.headers
        headers.add(name: "content-length", value: "\(response.body.readableBytes)")
        if closes { headers.add(name: "connection", value: "close") }
        write(.head(HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)))
        let promise = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        promise.futureResult.whenSuccess { _ in bound.value.end(closes: closes) }
        write(.body(.byteBuffer(response.body)), promise)
        context.flush()
    }

    /// The answer has left; its end makes room for the next request.
    private func end(closes: Bool) {
        guard let context else { return }
        isAnswering = false
        guard closes || isEnding else {
            waitForAnswer()
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            return
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        promise.futureResult.whenComplete { _ in bound.value.close() }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    // MARK: - Events

    private func watch(_ request: HTTPRequestHead) {
        guard let context else { return }
        deadline?.cancel()
        isViewer = true
        var headers = DashboardResponse.commonHeaders
        headers.add(name: "content-type", value: "text/event-stream; charset=utf-8")
        // No length: the stream ends with the connection, or with its last chunk.
        headers.add(name: "transfer-encoding", value: "chunked")
        write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
        let lastID = request.headers.first(name: "last-event-id")
        // Where the connection was lost, the browser tries again after this many milliseconds.
        tell(ByteBuffer(string: "retry: 1000\n\n" + loop.content.greeting(lastID: lastID)))
        context.flush()
        loop.watch(self)
    }

    /// Sends events; who has not read so much of the earlier ones is dropped.
    func tell(_ events: ByteBuffer) {
        guard let context, !isEnding else { return }
        guard pending + events.readableBytes <= loop.pendingLimit else {
            context.close(promise: nil)
            return
        }
        write(.body(.byteBuffer(events)))
        context.flush()
    }

    /// Ends the stream, or waits no longer for a request; what has been written still leaves.
    func finish() {
        guard let context, !isEnding else { return }
        isEnding = true
        guard isViewer else {
            // What it was answered before is still on its way; the last of it closes the connection.
            if !isAnswering { context.close(promise: nil) }
            return
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        promise.futureResult.whenComplete { _ in bound.value.close() }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    /// - Parameter left: Told when a body has left for the kernel.
    private func write(_ part: HTTPServerResponsePart, _ left: EventLoopPromise<Void>? = nil) {
        guard let context else {
            left?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        guard case .body(.byteBuffer(let buffer)) = part else {
            context.write(wrapOutboundOut(part), promise: nil)
            return
        }
        let count = buffer.readableBytes
        pending += count
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in bound.value.pending -= count }
        promise.futureResult.cascade(to: left)
        context.write(wrapOutboundOut(part), promise: promise)
    }
}

import Metrics
import NIOCore
import NIOHTTP1
import Scenarios
import Wire

/// Engine.IO's long polling: a GET that waits until the server has packets, and POSTs that bring it some.
///
/// One of each at a time; what is sent meanwhile goes with the next POST. The requests go through the worker's pool, so
/// that a client has one connection as long as it waits, and another only while it sends.
/// Source: engine.io-protocol, README.md, "HTTP long-polling".
final class PollingTransport {
    let worker: Worker
    /// What all requests of the session have in common.
    let request: ConnectionRequest
    /// Whom packets go to; nil once it has left, or has moved to a WebSocket.
    var connection: Connection?
    private(set) var sid: String?
    /// The two addresses that the session runs between; another server may know nothing of it.
    private(set) var route: Route?
    let group: Int
    private let limits: WireLimits
    private let timeout: TimeAmount
    private let receiveBuffer: Int?
    private let openedAt: NIODeadline
    private var maxPayload: Int?
    var poll: HTTPExchange?
    var post: HTTPExchange?
    var queue: [EngineIOPacket] = []
    /// Bytes of the queue, and of the POST that is under way.
    var queuedBytes = 0
    var postedBytes = 0
    /// No request begins: the session is about to move.
    private var isHeld = false
    private var needsFlush = false
    /// The client has left, and the server does not know yet.
    private var owesClose = false
    /// Those of a client that has left.
    private var cookies: String?
    /// Counts the requests, which makes each URL another one for caches on the way.
    private var number = 0
    /// The number of the last poll.
    private(set) var pollNumber = 0

    // Of +Blocking.
    /// So much besides the POST that is under way counts as blocked.
    let highWaterMark: Int
    let outboundLimit: Int
    var blockage = SendBlockage()

    // Of +Cutting.
    /// A fault has made it silent: nothing is sent any more, and nothing comes.
    var isSilent = false
    /// Whom the end of going away is told to.
    var goingAway: Connection?
    /// The client does not read: no poll begins.
    var isStalled = false

    init(connection: Connection, at now: NIODeadline) {
        let target = connection.program.group.target
        worker = connection.worker
        group = connection.group
        self.connection = connection
        request = connection.request()
        var limits = target.limits
        limits.body = limits.message
        self.limits = limits
        timeout = TimeAmount(target.timeout)
        receiveBuffer = connection.receiveBuffer
        outboundLimit = target.outbound.limit
        highWaterMark = max(1, min(Destination.highWaterMark, outboundLimit))
        openedAt = now
    }

    /// Neither a poll nor a POST is under way.
    var isIdle: Bool { poll == nil && post == nil }

    /// Asks for a session.
    func open() {
        worker.openConnections += 1
        beginPoll()
    }

    /// The server has opened the session.
    func opened(_ session: EngineIOOpen) {
        sid = session.sid
        maxPayload = session.maxPayload
    }

    // MARK: Writing

    func write(_ render: (inout ByteBuffer) -> Void) {
        guard !isSilent else { return }
        var packet = ByteBufferAllocator().buffer(capacity: 128)
        render(&packet)
        if let trace = worker.trace, let connection {
            trace.sent(packet.readableBytesView, of: connection.name, at: .now())
        }
        worker.recorder.add(worker.metrics.bytesSent, group: group, packet.readableBytes)
        append(.text(packet))
    }

    func write(binary payload: [UInt8]) {
        guard !isSilent else { return }
        worker.recorder.add(worker.metrics.bytesSent, group: group, payload.count)
        append(.binary(ByteBuffer(bytes: payload)))
    }

    private func append(_ packet: EngineIOPacket) {
        queue.append(packet)
        queuedBytes += packet.pollingSize
        flushSoon()
    }

    private func flushSoon() {
        guard !needsFlush else { return }
        needsFlush = true
        worker.flushLater(self)
    }

    /// Sends what waits, unless a POST is under way.
    func flush() {
        needsFlush = false
        beginPost()
        noteBlocking()
    }

    private func beginPost() {
        guard post == nil, !isHeld, sid != nil, !queue.isEmpty else { return }
        var writer = EngineIOPayloadWriter(maxPayload: maxPayload)
        var body = ByteBufferAllocator().buffer(capacity: 256)
        let taken = queue.prefix { writer.append($0, to: &body) }.count
        connection?.tape?.sent(queue.prefix(taken))
        queue.removeFirst(taken)
        postedBytes = body.readableBytes
        queuedBytes = queue.reduce(postedBytes) { $0 + $1.pollingSize }
        post = begin(.POST, body: body)
    }

    // MARK: Requests

    private func beginPoll() {
        guard !isStalled else { return }
        poll = begin(.GET, body: nil)
        pollNumber = number
    }

    private func begin(_ method: HTTPMethod, body: ByteBuffer?) -> HTTPExchange? {
        number += 1
        var parameters = [("EIO", "4"), ("transport", "polling"), ("t", "\(number)")]
        if let sid { parameters.append(("sid", sid)) }
        let authority = worker.dialer.authority(of: group)
        let path = request.path(with: parameters)
        guard let place = HTTPPlace(path, group: group, authority: authority) else { return nil }
        var headers = HTTPHeaders([("Host", authority), ("Accept", "*/*")])
        for (name, value) in request.headers { headers.replaceOrAdd(name: name, value: value) }
        if let cookie = connection?.cookies ?? cookies { headers.add(name: "Cookie", value: cookie) }
        if let body {
            headers.replaceOrAdd(name: "Content-Type", value: "text/plain;charset=UTF-8")
            headers.replaceOrAdd(name: "Content-Length", value: "\(body.readableBytes)")
        }
        if sid == nil, worker.failures != nil {
            connection?.noteHandshake(.polling, place.path, headers.map { ($0.name, $0.value) })
        }
        let exchange = HTTPExchange(
            head: HTTPRequestHead(version: .http1_1, method: method, uri: place.path, headers: headers),
            body: body,
            place: place,
            timeout: timeout,
            limits: limits,
            recordingGroup: sid == nil ? connection?.recordingGroup ?? group : nil,
            route: route,
            receiveBuffer: receiveBuffer,
            caller: PollingRequest(transport: self, isPoll: body == nil)
        )
        worker.http.send(exchange)
        return exchange
    }

    /// A request was answered.
    func answered(_ head: HTTPResponseHead, _ body: ByteBuffer, isPoll: Bool, at now: NIODeadline) {
        if route == nil { route = poll?.route }
        if isPoll { poll = nil } else { post = nil }
        guard let connection else { return leaveOn() }
        connection.keepCookies(head.headers["Set-Cookie"])
        if sid == nil {
            connection.tape?.answered(Int(head.status.code), head.headers.map { ($0.name, $0.value) }, at: now)
        }
        guard head.status == .ok else {
            return refused(head, body, isPoll ? "poll" : "POST", connection, at: now)
        }
        if isPoll {
            take(body, connection, at: now)
        } else {
            queuedBytes -= postedBytes
            postedBytes = 0
            if !isBlocked { endBlocking(at: now) }
            connection.socketTakesMore()
        }
        guard self.connection != nil else { return leaveOn() }
        if isHeld {
            if isIdle { connection.pollingIsIdle(at: now) }
        } else if isPoll {
            beginPoll()
        } else {
            flush()
        }
    }

    /// A request failed.
    func failed(_ kind: String, _ example: String, isPoll: Bool, at now: NIODeadline) {
        if isPoll { poll = nil } else { post = nil }
        guard let connection else { return finish() }
        if connection.isOpen {
            connection.lose(kind, example, .closed(code: 1006, reason: example), at: now)
        } else {
            let end = kind == "refused" ? ConnectionEnd.refused(status: nil, message: example) : .failed
            connection.lose(kind, example, end, at: now)
        }
    }

    private func refused(
        _ head: HTTPResponseHead,
        _ body: ByteBuffer,
        _ what: String,
        _ connection: Connection,
        at now: NIODeadline
    ) {
        let status = Int(head.status.code)
        let text = body.withUnsafeReadableBytes { bytes in
            EngineIOError(parsing: bytes)?.description ?? String(decoding: bytes.prefix(512), as: UTF8.self)
        }
        let sentence = HTTPRedirect.sentence(head) ?? "the server answered the \(what) with \(status): \(text)"
        let end =
            connection.isOpen
            ? ConnectionEnd.closed(code: 1006, reason: sentence) : .refused(status: status, message: text)
        connection.lose("http.\(status)", sentence, end, at: now)
    }

    private func take(_ body: ByteBuffer, _ connection: Connection, at now: NIODeadline) {
        body.withUnsafeReadableBytes { bytes in
            var reader = EngineIOPayloadReader(limits: limits)
            do throws(WireError) {
                while self.connection != nil, let packet = try reader.next(bytes) {
                    switch packet {
                    case .text(let range):
                        connection.receivedByPolling(UnsafeRawBufferPointer(rebasing: bytes[range]), at: now)
                    case .binary(let range):
                        var message = ByteBufferAllocator().buffer(capacity: range.count * 3 / 4 + 3)
                        try EngineIOPayloadReader.decode(range, in: bytes, limit: limits.message, to: &message)
                        connection.received(binary: message, at: now)
                    }
                }
            } catch {
                connection.lose(error.kind, error.sentence, at: now)
            }
        }
    }

    // MARK: Moving to a WebSocket

    /// Begins no request any more; those under way may end.
    func hold() {
        isHeld = true
    }

    /// Goes on: the session stays here.
    func resume() {
        guard isHeld else { return }
        isHeld = false
        if poll == nil { beginPoll() }
        flush()
    }

    /// The client reads again: the next poll begins, where none is under way.
    func readOn() {
        guard isStalled else { return }
        isStalled = false
        guard connection != nil, sid != nil, poll == nil, !isHeld else { return }
        beginPoll()
    }

    /// The session has moved.
    ///
    /// - Returns: What was held back.
    func moved() -> [EngineIOPacket] {
        endBlocking(at: .now())
        connection = nil
        worker.openConnections -= 1
        defer { queue = [] }
        return queue
    }

    // MARK: Ending

    /// Ends the session as the protocol says: a close packet, once the server has taken what waits.
    ///
    /// In a POST of its own, as the official client sends it: a server may end the session as it reads the packet, and
    /// not look any more at those before it in the same payload. The official one does not. A server that does not
    /// answer is not waited for longer than one over a WebSocket.
    func leave() {
        guard sid != nil, !isSilent else { return abandon() }
        cookies = connection?.cookies
        connection = nil
        isHeld = false
        owesClose = true
        if queue.isEmpty { leaveOn() } else { flushSoon() }
        let bound = NIOLoopBound(self, eventLoop: worker.eventLoop)
        worker.eventLoop.scheduleTask(in: WebSocketTransport.closeTimeout) { bound.value.closeTimedOut() }
    }

    private func closeTimedOut() {
        finish()
        worker.flush()
    }

    /// Gives the session up without a word.
    func abandon() {
        finish()
    }

    /// The client has left: the rest of what it sent goes out, and then the close packet.
    private func leaveOn() {
        guard post == nil else { return }
        if !queue.isEmpty {
            flush()
        } else if owesClose {
            owesClose = false
            var packet = ByteBuffer()
            EngineIOPacketWriter.write(.close, to: &packet)
            append(.text(packet))
        } else {
            finish()
        }
    }

    private var isFinished = false

    func finish() {
        let now = NIODeadline.now()
        endBlocking(at: now)
        connection = nil
        queue = []
        poll?.cancel()
        post?.cancel()
        (poll, post) = (nil, nil)
        guard !isFinished else { return }
        isFinished = true
        worker.openConnections -= 1
        goingAway.take()?.wentAway(at: now)
    }
}

/// One of the two requests of a polling session.
final class PollingRequest: HTTPCaller {
    private let transport: PollingTransport
    private let isPoll: Bool

    init(transport: PollingTransport, isPoll: Bool) {
        self.transport = transport
        self.isPoll = isPoll
    }

    func responded(_ head: HTTPResponseHead, _ body: ByteBuffer, at now: NIODeadline) {
        transport.answered(head, body, isPoll: isPoll, at: now)
    }

    func requestFailed(_ kind: String, _ example: String, at now: NIODeadline) {
        transport.failed(kind, example, isPoll: isPoll, at: now)
    }
}

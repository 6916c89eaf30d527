import NIOCore
import NIOHTTP1
import Scenarios
import Wire

/// Connections, and requests beside them.
extension ClientTape {
    /// The client begins to connect, once more or for the first time.
    func beginConnection() {
        connection = connection == .max ? .max : connection + 1
        open = nil
        isAnswered = false
        pendingOpening = nil
    }

    /// A handshake goes out.
    ///
    /// - Parameter server: `http://host:port`.
    func asks(_ transport: RecordedTransport, _ path: String, _ headers: [(String, String)], of server: String) {
        guard isRecording else { return }
        pendingOpening = RecordedOpening(
            url: transport == .webSocket ? "ws\(server.dropFirst(4))" : server,
            path: path,
            transport: transport,
            status: nil,
            requestHeaders: headers.map { RecordedHeader($0, $1) }.filter(\.isTelling)
        )
    }

    /// The server answered the handshake.
    func answered(_ status: Int, _ headers: [(String, String)], at now: NIODeadline) {
        guard isRecording, var opening = pendingOpening.take() else { return }
        opening.status = status
        opening.responseHeaders = headers.map { RecordedHeader($0, $1) }.filter(\.isTelling)
        // What becomes of a move to a WebSocket that fails is said by the failure.
        guard open == nil || opening.isOpen else { return }
        append(.open(opening), at: now)
        isAnswered = true
        if opening.isOpen { open = opening.transport }
    }

    /// The connection is no more, or did not come about.
    ///
    /// - Parameters:
    ///   - otherwise: Where it was to go, if no handshake has gone out.
    ///   - isOwn: Reprise itself cut it.
    func lost(_ end: ConnectionEnd, otherwise: @autoclosure () -> RecordedOpening, isOwn: Bool, at now: NIODeadline) {
        guard isRecording else { return }
        let pending = pendingOpening.take()
        guard open != nil else {
            // One that was answered has its entry.
            guard !isAnswered else { return }
            append(.open(pending ?? otherwise()), at: now)
            isAnswered = true
            return
        }
        open = nil
        switch end {
        case .closed(let code, let reason):
            let side: RecordedClosing.Side = isOwn ? .client : .server
            append(.close(RecordedClosing(code: Int(code), reason: reason, side: side)), at: now)
        case .refused, .failed:
            // The client turns away without a word.
            append(.close(RecordedClosing(code: 1006, side: .client)), at: now)
        }
    }

    /// The client left.
    func left(at now: NIODeadline) {
        guard isRecording, let transport = open.take() else { return }
        append(.close(RecordedClosing(code: transport == .polling ? 1005 : 1000, side: .client)), at: now)
    }

    // MARK: Requests

    /// A request beside the socket goes out.
    func asks(_ request: HTTPExchange, of server: String, at now: NIODeadline) {
        guard isRecording else { return }
        giveUpRequest()
        let scheme = request.place.isSecure ? "https" : "http"
        let origin = request.place.isTarget ? server : "\(scheme)://\(request.place.authority)"
        let exchange = RecordedExchange(
            method: request.head.method.rawValue,
            url: origin + request.place.path,
            requestHeaders: request.head.headers.recorded,
            requestBody: Self.body(request.body)
        )
        pendingRequest = (exchange, now)
    }

    /// The request was answered.
    func answered(_ head: HTTPResponseHead, _ body: ByteBuffer, at now: NIODeadline) {
        guard isRecording, let (request, began) = pendingRequest.take() else { return }
        var exchange = request
        exchange.status = Int(head.status.code)
        exchange.duration = .nanoseconds(max(0, (now - began).nanoseconds))
        exchange.responseHeaders = head.headers.recorded
        exchange.responseBody = Self.body(body)
        append(.http(exchange), at: now, since: began)
    }

    /// There is no answer, as far as the tape goes.
    func giveUpRequest() {
        guard let (exchange, began) = pendingRequest.take() else { return }
        append(.http(exchange), at: began, since: began)
    }

    private static func body(_ body: ByteBuffer?) -> RecordedBody? {
        guard let body, body.readableBytes > 0 else { return nil }
        // A copy: the buffer that it came in must not be kept alive by it.
        var copy = BodyCopy(limit: bodyLimit)
        copy.append(body)
        return RecordedBody(ofMessage: copy)
    }
}

extension ClientTape {
    /// The server answered the request that turns a socket into a WebSocket.
    func answered(_ handshake: WebSocketHandshake, _ outcome: WebSocketHandshake.Outcome, at now: NIODeadline) {
        switch outcome {
        case .upgraded: answered(101, handshake.headers, at: now)
        case .refused(let refusal): answered(refusal.status, handshake.headers, at: now)
        case .invalid: break
        }
    }
}

extension HTTPHeaders {
    /// The headers that a recording has.
    var recorded: [RecordedHeader] {
        map { RecordedHeader($0.name, $0.value) }.filter(\.isTelling)
    }
}

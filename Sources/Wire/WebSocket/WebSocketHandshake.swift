package import NIOCore

/// The client's side of the opening handshake.
///
/// The caller sends what `writeRequest` wrote, then appends every read to one buffer and hands it to `receive`,
/// until there is an outcome; bytes that were not taken stay in the buffer. Source: RFC 6455, section 4.
package struct WebSocketHandshake: Sendable {
    package enum Outcome: Hashable, Sendable {
        /// The socket is open; what is left in the buffer are the first frames.
        case upgraded
        /// The server answered, but did not upgrade.
        case refused(Refusal)
        /// What came is no answer to this request; the sentence says why.
        case invalid(String)
    }

    /// An answer other than 101.
    package struct Refusal: Hashable, Sendable {
        /// The HTTP status.
        package var status: Int
        /// The reason phrase; may be empty.
        package var reason: String
        /// At most the first 512 bytes of the body, without its transfer coding.
        package var bodyStart: String
        /// Where a redirect leads; nil where the answer is none.
        package var location: String?
    }

    private let request: WebSocketRequest
    private let maximumHeaderSize: Int
    private var state = State.head(scanned: 0, skipped: 0)
    private var head: HTTPHead?
    private var isTooLong = false

    private enum State {
        /// Waits for the end of the head; so far nothing in the first bytes ended it, and 1xx answers were skipped.
        case head(scanned: Int, skipped: Int)
        case body(HTTPBodyStart)
        case finished(Outcome)
    }

    /// - Parameters:
    ///   - authority: the value of `Host`.
    ///   - target: path and query, percent-encoded, from the first slash on.
    ///   - headers: more headers, sent in this order.
    ///   - subprotocols: what is offered, the dearest first; the server may choose one of them, or none.
    ///   - nonce: sixteen random bytes, as from `MaskKeySource.nextNonce()`.
    ///   - maximumHeaderSize: how long the head of the answer may be, in bytes, those of 1xx before it included.
    /// - Throws: a `protocol` error where a part could smuggle in another header or request, or names a header
    ///   that the handshake writes itself.
    package init(
        authority: String,
        target: String,
        headers: [(String, String)] = [],
        subprotocols: [String] = [],
        nonce: (UInt64, UInt64),
        maximumHeaderSize: Int = WireLimits().headers
    ) throws(WireError) {
        request = try WebSocketRequest(
            authority: authority,
            target: target,
            headers: headers,
            subprotocols: subprotocols,
            nonce: nonce
        )
        self.maximumHeaderSize = maximumHeaderSize
    }

    /// Appends the request.
    package func writeRequest(to buffer: inout ByteBuffer) {
        request.write(to: &buffer)
    }

    /// Reads on in the buffer; nil means that more has to come first.
    package mutating func receive(_ buffer: inout ByteBuffer) -> Outcome? {
        while true {
            switch state {
            case .finished(let outcome):
                return outcome
            case .head(let scanned, let skipped):
                let limit = maximumHeaderSize - skipped
                let search = buffer.withUnsafeReadableBytes { HTTPHead.search($0, from: scanned, limit: limit) }
                switch search {
                case .incomplete(let scanned):
                    state = .head(scanned: scanned, skipped: skipped)
                    return nil
                case .invalid(let reason):
                    return finish(.invalid(reason))
                case .tooLong:
                    isTooLong = true
                    return finish(.invalid("The head of the answer is longer than the limit."))
                case .ends(let length):
                    guard let bytes = buffer.readSlice(length: length), let head = HTTPHead(bytes) else {
                        return finish(.invalid("The head of the answer is malformed."))
                    }
                    if let outcome = take(head, skipped: skipped + length) { return finish(outcome) }
                }
            case .body(var body):
                let isComplete = body.receive(&buffer)
                state = .body(body)
                guard isComplete else { return nil }
                return finish(refusal(body))
            }
        }
    }

    /// The outcome where the connection closed instead of sending more.
    package mutating func finish() -> Outcome {
        switch state {
        case .finished(let outcome): outcome
        case .head: finish(.invalid("The connection closed before the answer to the upgrade was complete."))
        case .body(let body): finish(refusal(body))
        }
    }

    /// What failed, in the words of the report; nil while there is no outcome, and after an upgrade.
    package var failure: WireError? {
        switch state {
        case .finished(.refused(let refusal)): WireError(refusal)
        case .finished(.invalid(let reason)): WireError(isTooLong ? .tooLarge : .protocolViolation, reason)
        case .finished(.upgraded), .head, .body: nil
        }
    }

    /// The subprotocol that the server chose from those that were offered; nil where it chose none, or has not yet.
    package var subprotocol: String? {
        guard case .finished(.upgraded) = state else { return nil }
        return head?.values("Sec-WebSocket-Protocol").first
    }

    /// The headers of the answer, in order; empty until the head has come.
    package var headers: [(String, String)] {
        head?.headers.map { ($0.name, $0.value) } ?? []
    }

    /// The values of a header of the answer, in order; empty until the head has come.
    package func headerValues(_ name: String) -> [String] {
        head?.values(name) ?? []
    }
}

extension WebSocketHandshake {
    private mutating func take(_ head: HTTPHead, skipped: Int) -> Outcome? {
        if head.status / 100 == 1, head.status != 101 {
            state = .head(scanned: 0, skipped: skipped)
            return nil
        }
        self.head = head
        if head.status == 101 {
            if let reason = request.objection(to: head) { return .invalid(reason) }
            return .upgraded
        }
        state = .body(HTTPBodyStart(head))
        return nil
    }

    private func refusal(_ body: HTTPBodyStart) -> Outcome {
        var refusal = Refusal(status: head?.status ?? 0, reason: head?.reason ?? "", bodyStart: body.text)
        switch refusal.status {
        case 301, 302, 303, 307, 308: refusal.location = head?.values("Location").first { !$0.isEmpty }
        default: break
        }
        return .refused(refusal)
    }

    private mutating func finish(_ outcome: Outcome) -> Outcome {
        state = .finished(outcome)
        return outcome
    }
}

extension WireError {
    /// An upgrade that was answered with another status.
    package init(_ refusal: WebSocketHandshake.Refusal) {
        let reason = refusal.reason.isEmpty ? "" : " \(refusal.reason)"
        if let location = refusal.location {
            self.init(
                .upgrade(refusal.status),
                """
                The server redirects the upgrade (\(refusal.status)\(reason)) to \(location.prefix(512)). \
                Redirects are not followed: point the target at it.
                """
            )
            return
        }
        let body = refusal.bodyStart.isEmpty ? "" : ": \(refusal.bodyStart)"
        self.init(.upgrade(refusal.status), "The server answered the upgrade with \(refusal.status)\(reason)\(body)")
    }
}

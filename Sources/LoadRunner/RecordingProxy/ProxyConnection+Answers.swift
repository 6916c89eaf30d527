import NIOCore
import Wire

/// Answers on their way to the client.
extension ProxyConnection {
    /// Gives on what there is of answers.
    func advanceAnswers() {
        while case .http = mode {
            switch answer {
            case .head(let scanned):
                guard fromUpstream.readableBytes > 0 else { return }
                switch RelayedHead.search(fromUpstream.readableBytesView, from: scanned) {
                case .incomplete(let scanned):
                    answer = .head(scanned: scanned)
                    if fromUpstream.readableBytes > Self.headLimit { passUnread("the head of an answer has no end") }
                    return
                case .ends(let length):
                    let bytes = fromUpstream.getSlice(at: fromUpstream.readerIndex, length: length)
                    guard let head = bytes.flatMap({ RelayedHead($0.readableBytesView) }), let status = head.status
                    else { return passUnread("what the server sent is no answer of HTTP/1") }
                    fromUpstream.moveReaderIndex(forwardBy: length)
                    begin(head, status)
                }
            case .body(var body):
                answer = .done
                client.write(body.take(&fromUpstream))
                if !body.isComplete {
                    answer = .body(body)
                    return
                }
                exchange?.answer?.body = body.copy
                exchange?.answer?.ended = .now()
                answerEnded(body)
            case .done:
                // Whatever comes before the request has ended is no answer to anything.
                if fromUpstream.readableBytes > 0 { passUnread("the server sent more than its answer") }
                return
            }
        }
    }

    private func begin(_ original: RelayedHead, _ status: Int) {
        let now = NIODeadline.now()
        var head = original
        if let exchange { proxy.rewriting.answer(&head, to: exchange.memory) }
        var bytes = ByteBuffer()
        head.write(to: &bytes)
        client.write(bytes)
        if status == 101, let exchange, exchange.asksUpgrade { return upgrade(exchange, original, at: now) }
        // Others like it may come before the answer itself: RFC 9110, section 15.2.
        if status < 200 { return answer = .head(scanned: 0) }
        let framing = RelayedBody.framing(ofAnswer: original, status: status, to: exchange?.request.method ?? "GET")
        let body = RelayedBody(framing, limit: proxy.copyLimit)
        exchange?.answer = TrafficEvent.Answer(head: original, status: status, began: now, ended: now, body: body.copy)
        answer = .body(body)
    }

    private func answerEnded(_ body: RelayedBody) {
        if let problem = body.problem { note(.failed("the body of an answer could not be followed: \(problem)")) }
        guard exchange != nil else {
            note(.failed("the server answered where nothing was asked"))
            answer = .head(scanned: 0)
            return
        }
        guard case .done = request else { return }
        exchangeEnded()
        client.flush()
        advanceRequests()
        upstream?.flush()
        endUpstreamInputIfDue()
    }

    /// From here on bytes go by as they are, in both directions.
    private func passUnread(_ problem: String) {
        note(.failed("\(problem); from here on this connection is passed on without being read"))
        become(ProxyTunnel(nil))
    }
}

import NIOCore

/// Requests on their way to the server.
extension ProxyConnection {
    /// Sends on what there is of requests; the next one waits for the answer to the one before.
    func advanceRequests() {
        while case .http = mode {
            switch request {
            case .head(let scanned):
                guard exchange == nil, skipEmptyLines() else { return }
                guard let length = headLength(scanned) else { return }
                guard let bytes = fromClient.readSlice(length: length), let head = RelayedHead(bytes.readableBytesView),
                    let words = head.request
                else { return refuse(400, "Bad Request", "The proxy cannot read this as an HTTP/1 request.") }
                begin(head, words.method, words.target)
            case .body(var body):
                request = .done
                upstream?.write(body.take(&fromClient))
                if body.isComplete {
                    exchange?.request.body = body.copy
                    requestEnded(body)
                } else {
                    request = .body(body)
                    return
                }
            case .done:
                return
            }
        }
    }

    /// A client may send empty lines before a request (RFC 9112, section 2.2); false where nothing has come behind them.
    private func skipEmptyLines() -> Bool {
        while let byte = fromClient.getInteger(at: fromClient.readerIndex, as: UInt8.self) {
            guard byte == 0x0D || byte == 0x0A else { return true }
            fromClient.moveReaderIndex(forwardBy: 1)
        }
        return false
    }

    private func headLength(_ scanned: Int) -> Int? {
        switch RelayedHead.search(fromClient.readableBytesView, from: scanned) {
        case .ends(let length): return length
        case .incomplete(let scanned):
            request = .head(scanned: scanned)
            if fromClient.readableBytes > Self.headLimit {
                refuse(431, "Request Header Fields Too Large", "The head of the request is longer than 512 KB.")
            }
            return nil
        }
    }

    private func begin(_ original: RelayedHead, _ method: String, _ path: String) {
        let now = NIODeadline.now()
        if method == "CONNECT" {
            let sentence =
                "This is a recording proxy for \(proxy.rewriting.target): point the client at it as if it were that "
                + "server, not as an HTTP proxy."
            return refuse(501, "Not Implemented", sentence)
        }
        guard let framing = RelayedBody.framing(ofRequest: original) else {
            return refuse(400, "Bad Request", "The request does not say where its body ends.")
        }
        var head = original
        let memory = proxy.rewriting.request(&head)
        let body = RelayedBody(framing, limit: proxy.copyLimit)
        exchange = ProxyExchange(
            request: TrafficEvent.Request(head: original, method: method, path: path, began: now, body: body.copy),
            memory: memory,
            asksUpgrade: original.value("upgrade") != nil && original.hasToken("upgrade", in: "connection")
        )
        var bytes = ByteBuffer()
        head.write(to: &bytes)
        openUpstream().write(bytes)
        request = .body(body)
    }

    private func requestEnded(_ body: RelayedBody) {
        if let problem = body.problem { note(.failed("the body of a request could not be followed: \(problem)")) }
        if let exchange { note(.requested(exchange.request)) }
        if case .done = answer { exchangeEnded() }
    }

    /// Both the request and its answer have gone by.
    func exchangeEnded() {
        if let exchange, let answer = exchange.answer { note(.answered(exchange.request, answer)) }
        exchange = nil
        request = .head(scanned: 0)
        answer = .head(scanned: 0)
    }

    /// Says something to the client in the server's place, and ends the connection.
    ///
    /// - Parameter isNoted: Whether the recording says so.
    func refuse(_ status: Int, _ reason: String, _ sentence: String, isNoted: Bool = true) {
        if isNoted { note(.failed(sentence)) }
        mode = .refused
        fromClient.clear()
        let text = "\(sentence)\n"
        let head = [
            "HTTP/1.1 \(status) \(reason)", "Content-Type: text/plain; charset=utf-8",
            "Content-Length: \(text.utf8.count)", "Connection: close", "\r\n",
        ]
        let isHead = exchange?.request.method == "HEAD"
        client.write(ByteBuffer(string: head.joined(separator: "\r\n") + (isHead ? "" : text)))
        client.finish()
        upstream?.close()
        proxy.closeLater(self)
    }
}

import NIOCore
import Wire

/// How connections end: as the other side ended, each direction by itself.
extension ProxyConnection {
    /// No more comes from this side.
    func inputEnded(of socket: ProxySocket) {
        if socket === client { endClientInput() } else { endUpstreamInput() }
        readOn()
    }

    private func endClientInput() {
        guard case .http = mode else {
            upstream?.finish()
            if upstream == nil { client.close() }
            return
        }
        guard let upstream else { return client.close() }
        // Requests that wait for an answer before them go first.
        if case .done = request, fromClient.readableBytes > 0 { return }
        upstream.write(fromClient)
        fromClient.clear()
        upstream.finish()
    }

    /// The client's end is due when its last request has been sent.
    func endUpstreamInputIfDue() {
        if client.inputEnded { endClientInput() }
    }

    private func endUpstreamInput() {
        defer { client.finish() }
        switch mode {
        case .refused: return
        case .tunnel(let tunnel): return noteEnd(of: tunnel, .in)
        case .http: break
        }
        client.write(fromUpstream)
        fromUpstream.clear()
        guard let exchange else { return }
        if case .body(let body) = answer {
            self.exchange?.answer?.body = body.copy
            self.exchange?.answer?.ended = .now()
            self.exchange?.answer?.isWhole = body.endsWithConnection
            if !body.endsWithConnection { note(.failed("the server ended the connection in the middle of an answer")) }
            exchangeEnded()
        } else if exchange.answer == nil {
            note(.failed("the server ended the connection without an answer to \(exchange.request.line)"))
            self.exchange = nil
        }
    }

    /// A side was reset, or something else is wrong with its socket.
    func failed(_ socket: ProxySocket, _ error: any Error) {
        guard !isOver else { return }
        isOver = true
        let who = socket === client ? "the client" : "the server"
        let kind = ErrorKind.of(error)
        if case .tunnel(let tunnel) = mode { tunnel.endIsNoted = true }
        note(.failed(kind == "reset" ? "\(who) reset the connection" : "\(who): \(ErrorKind.text(of: error))"))
        let other = socket === client ? upstream : client
        other?.reset()
    }

    /// The socket is no more.
    func closed(_ socket: ProxySocket) {
        let isClient = socket === client
        if !isOver { cutOther(than: socket) }
        guard client.isClosed, upstream?.isClosed ?? true else { return }
        if case .tunnel(let tunnel) = mode { noteEnd(of: tunnel, isClient ? .out : .in) }
        isOver = true
        proxy.remove(self)
        client.forget()
        upstream?.forget()
    }

    private func cutOther(than socket: ProxySocket) {
        let isClient = socket === client
        let other = isClient ? upstream : client
        if !socket.inputEnded {
            // Without an error: a server that ends TLS without a word, or the proxy itself.
            if isClient { endClientInput() } else { endUpstreamInput() }
        } else if !socket.isFinished {
            // It took no more after it had ended its own direction.
            isOver = true
            other?.reset()
        }
    }

    /// The server could not be reached.
    func dialFailed(_ error: any Error) {
        guard !client.isClosed else { return closed(client) }
        let text = "\(proxy.rewriting.target): \(ErrorKind.text(of: error))"
        refuse(502, "Bad Gateway", "The recording proxy could not reach \(text).")
        exchange = nil
    }

    /// Ends the connection because the proxy ends: WebSockets are told, and requests that have no answer yet get one.
    func goAway() {
        guard !isOver else { return }
        switch mode {
        case .tunnel(let tunnel):
            if !tunnel.endIsNoted, let taps = tunnel.taps {
                // 1001: going away (RFC 6455, section 7.4.1). The mask is 0, so that the payload stands as it is.
                if taps.in.isBetweenFrames { client.write(ByteBuffer(bytes: [0x88, 0x02, 0x03, 0xE9])) }
                if taps.out.isBetweenFrames {
                    upstream?.write(ByteBuffer(bytes: [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE9]))
                }
            }
            // That the recorder was stopped is nothing that anybody said.
            tunnel.endIsNoted = true
            tunnel.taps = nil
            client.finish()
            upstream?.finish()
        case .http:
            upstream?.finish()
            if let exchange, exchange.answer == nil {
                refuse(503, "Service Unavailable", "The recording proxy was stopped.", isNoted: false)
                self.exchange = nil
            } else {
                client.finish()
            }
        case .refused:
            client.finish()
        }
    }

    /// Closes whatever is still open.
    func close() {
        isOver = true
        client.close()
        upstream?.close()
    }

    private func noteEnd(of tunnel: ProxyTunnel, _ direction: TrafficEvent.Direction) {
        guard !tunnel.endIsNoted, tunnel.taps != nil else { return }
        tunnel.endIsNoted = true
        note(.closed(direction, code: 1006, reason: ""))
    }
}

extension TrafficEvent.Request {
    /// `GET /path`, for sentences.
    package var line: String { "\(method) \(path)" }
}

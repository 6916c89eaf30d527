import NIOCore
import Wire

/// What is said after an upgrade.
extension ProxyConnection {
    func upgrade(_ exchange: ProxyExchange, _ head: RelayedHead, at now: NIODeadline) {
        let answer = TrafficEvent.Answer(head: head, status: 101, began: now, ended: now, body: BodyCopy(limit: 0))
        self.exchange = nil
        if head.value("upgrade")?.lowercased() == "websocket" {
            note(.opened(exchange.request, answer), at: now)
            let tap = WebSocketTap(limit: proxy.copyLimit)
            become(ProxyTunnel((tap, tap)))
        } else {
            note(.answered(exchange.request, answer), at: now)
            become(ProxyTunnel(nil))
        }
    }

    /// Passes everything on from here, what has come already first.
    func become(_ tunnel: ProxyTunnel) {
        mode = .tunnel(tunnel)
        let (out, back) = (fromClient, fromUpstream)
        fromClient = ByteBuffer()
        fromUpstream = ByteBuffer()
        if back.readableBytes > 0, let upstream { relay(back, from: upstream, through: tunnel) }
        if out.readableBytes > 0 { relay(out, from: client, through: tunnel) }
        if client.inputEnded { upstream?.finish() }
    }

    func relay(_ bytes: ByteBuffer, from socket: ProxySocket, through tunnel: ProxyTunnel) {
        if socket === client {
            upstream?.write(bytes)
            tunnel.taps?.out.read(bytes) { note($0, .out, tunnel) }
        } else {
            client.write(bytes)
            tunnel.taps?.in.read(bytes) { note($0, .in, tunnel) }
        }
    }

    private func note(_ event: WebSocketTap.Event, _ direction: TrafficEvent.Direction, _ tunnel: ProxyTunnel) {
        switch event {
        case .message(let copy, let isText): note(.message(direction, copy, isText: isText))
        case .ping(let payload): note(.ping(direction, payload))
        case .pong(let payload): note(.pong(direction, payload))
        case .close(let code, let reason):
            tunnel.endIsNoted = true
            note(.closed(direction, code: code, reason: reason))
        case .broken(let problem):
            let who = direction == .out ? "the client" : "the server"
            note(.failed("\(problem): what \(who) sends from here on is passed on without being read"))
        }
    }
}

import NIOCore
import Wire

// From polling to a WebSocket: a probe on the new one, the end of the poll on the old one, and then the move.
//
// Source: socketio/socket.io, packages/engine.io/lib/socket.ts, `_maybeUpgrade`.
extension EngineSession {
    /// How often a poll is looked for that holds up an upgrade.
    private static var checkInterval: TimeAmount { .milliseconds(100) }

    /// Takes a WebSocket that the session may move to; a second one is closed again.
    func beginUpgrade(to channel: WebSocketChannel<D>, at now: NIODeadline) {
        guard isOpen, webSocket == nil, candidate == nil else { return channel.close() }
        channel.owner = .candidate(self)
        candidate = channel
        upgradeToken &+= 1
        service.timers.push(
            .peer(id, .upgradeTimeout(token: upgradeToken)),
            at: now + TimeAmount(service.configuration.upgradeTimeout)
        )
    }

    /// Takes a packet of the WebSocket that the session does not use yet.
    func receive(_ message: SocketMessage, fromCandidate channel: WebSocketChannel<D>) {
        guard isOpen, channel === candidate else { return }
        if message == Self.probe {
            channel.send(ByteBuffer(string: "3probe"))
            let token = upgradeToken
            service.timers.push(.peer(id, .upgradeCheck(token: token)), at: service.loop.now + Self.checkInterval)
        } else if message == Self.upgrade {
            move(to: channel)
        } else {
            abandonUpgrade()
        }
    }

    /// Ends a poll that keeps the client from moving.
    func checkUpgrade(_ token: UInt32, at now: NIODeadline) {
        guard isOpen, token == upgradeToken, candidate != nil else { return }
        endPoll(.noop)
        service.timers.push(.peer(id, .upgradeCheck(token: token)), at: now + Self.checkInterval)
    }

    func upgradeTimedOut(_ token: UInt32) {
        guard token == upgradeToken else { return }
        abandonUpgrade()
    }

    /// The WebSocket that the session might have moved to is gone; it goes on polling.
    func lostCandidate(_ channel: WebSocketChannel<D>) {
        if channel === candidate { candidate = nil }
    }

    func abandonUpgrade() {
        candidate?.close()
        candidate = nil
    }

    private func move(to channel: WebSocketChannel<D>) {
        candidate = nil
        upgradeToken &+= 1
        // A client that upgrades waits for no poll; one that does all the same learns that polling is over.
        endPoll(.close)
        webSocket = channel
        channel.watch.peer = self
        channel.owner = .session(self)
        service.counts.connections.upgraded += 1
        let waiting = outbox
        outbox = []
        for packet in waiting { write(packet) }
        if protocolState.isPongDue {
            scheduleHeartbeat(at: service.loop.now, after: service.configuration.pingTimeout)
        }
    }

    private static var probe: SocketMessage { .text(ByteBuffer(string: "2probe")) }
    private static var upgrade: SocketMessage { .text(ByteBuffer(string: "5")) }
}

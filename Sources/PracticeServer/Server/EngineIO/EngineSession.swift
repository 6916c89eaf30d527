import NIOCore
import Wire

/// One Engine.IO session: what stays the same while requests come and go, or while it moves to a WebSocket.
///
/// Packets are sent at once on a WebSocket; over polling they wait in `outbox` for the next poll. What packets mean is
/// `SocketSession`'s and the dialect's matter. Source: socketio/socket.io, packages/engine.io/lib/socket.ts.
final class EngineSession<D: Dialect>: Peer {
    let service: Service<D>
    let id: SocketID
    /// The id that clients know; not that of Socket.IO.
    let sid: String
    var opening: Opening
    var visitor: Visitor { opening.visitor }

    /// By what the dialect knows the client where its state can be recovered.
    var seat: RecoverableSocket<D>?
    var member: SocketID { seat?.id ?? id }

    var protocolState: SocketSession
    var assembler = PacketAssembler()
    var held = HeldMessages()
    var isOpen = true
    /// Whether the client ever joined a namespace; who has not within a time is dropped.
    var hasJoined = false
    var heartbeatToken: UInt32 = 0

    /// What carries the session; nil while it polls.
    var webSocket: WebSocketChannel<D>?
    /// What may carry it soon.
    var candidate: WebSocketChannel<D>?
    var upgradeToken: UInt32 = 0
    /// The request that waits for packets.
    var poll: HTTPHandler<D>?
    /// The request that brings packets.
    var post: HTTPHandler<D>?
    /// What the next poll takes.
    var outbox: [EngineIOPacket] = []
    /// How many bytes that is, and since when.
    var outboxBytes = 0
    var outboxSince = NIODeadline.distantPast
    /// Whether it ended because the client broke a rule.
    var brokeProtocol = false
    /// Whether something was put into the outbox and no poll was looked for yet.
    var isDirty = false

    private init(_ service: Service<D>, _ kind: Endpoint.Kind, _ opening: Opening) {
        self.service = service
        self.opening = opening
        id = service.makeID()
        sid = service.makeName(id, 0)
        protocolState = SocketSession(service.namespaces, isRaw: kind == .engineIO)
    }

    /// How it is carried now.
    var transport: EngineTransport { webSocket == nil ? .polling : .webSocket }

    /// Opens a session on a WebSocket.
    static func open(
        _ service: Service<D>,
        _ kind: Endpoint.Kind,
        _ opening: Opening,
        on channel: WebSocketChannel<D>,
        at now: NIODeadline
    ) {
        let session = EngineSession(service, kind, opening)
        channel.owner = .session(session)
        session.webSocket = channel
        channel.watch.peer = session
        session.start(kind, upgrades: [], at: now)
    }

    /// Opens a session by a request, which the open packet answers.
    static func open(
        _ service: Service<D>,
        _ kind: Endpoint.Kind,
        _ opening: Opening,
        by request: HTTPHandler<D>,
        at now: NIODeadline
    ) {
        let session = EngineSession(service, kind, opening)
        service.counts.connections.openedByPolling += 1
        session.poll = request
        // The form of the official server, and its name for it.
        if service.configuration.setsCookie {
            request.cookie = "io=\(session.sid); Path=/; HttpOnly; SameSite=Lax"
        }
        let canUpgrade = service.configuration.transports.contains(.webSocket)
        session.start(kind, upgrades: canUpgrade ? [EngineTransport.webSocket.rawValue] : [], at: now)
    }

    private func start(_ kind: Endpoint.Kind, upgrades: [String], at now: NIODeadline) {
        let configuration = service.configuration
        service.open(self, at: now)
        service.sids[sid] = id
        if kind == .socketIO { service.timers.push(.peer(id, .connectTimeout), at: now + service.connectTimeout) }
        var message = ByteBufferAllocator().buffer(capacity: 128)
        EngineIOPacketWriter.writeOpen(
            EngineIOOpen(
                sid: sid,
                pingInterval: configuration.pingInterval,
                pingTimeout: configuration.pingTimeout,
                maxPayload: configuration.maxPayload,
                upgrades: upgrades
            ),
            to: &message
        )
        write(.text(message))
        if service.faults.sendsPings { scheduleHeartbeat(at: now, after: configuration.pingInterval) }
    }

    func fire(_ timer: PeerTimer, due: NIODeadline, at now: NIODeadline) {
        switch timer {
        case .heartbeat(let token): heartbeatDue(token, at: due)
        case .connectTimeout: if !hasJoined { close(.neverJoined, code: nil, reason: "") }
        case .held: handleHeld(at: now)
        case .upgradeCheck(let token): checkUpgrade(token, at: now)
        case .upgradeTimeout(let token): upgradeTimedOut(token)
        case .forget: service.release(id)
        case .overflow: overflow(at: now)
        case .recoveryExpires: break
        }
    }
}

// What goes out.
extension EngineSession {
    func send(_ message: ByteBuffer, attachments: [ByteBuffer]) -> Bool {
        guard isOpen else { return false }
        write(.text(message))
        for attachment in attachments { write(.binary(attachment)) }
        return true
    }

    func sendBinary(_ message: ByteBuffer) -> Bool {
        guard isOpen else { return false }
        write(.binary(message))
        return true
    }

    func write(_ packet: EngineIOPacket) {
        guard let webSocket else {
            queue(packet)
            guard !isDirty else { return }
            isDirty = true
            return service.unflushed.append(self)
        }
        switch packet {
        case .text(let packet): webSocket.send(packet)
        case .binary(let message): webSocket.sendBinary(message)
        }
    }
}

extension EngineSession {
    /// Puts a packet where the next poll finds it.
    private func queue(_ packet: EngineIOPacket) {
        if outbox.isEmpty {
            outboxBytes = 0
            outboxSince = service.loop.now
        }
        let wasTooMuch = outboxBytes > service.bufferLimit
        outboxBytes &+= packet.pollingSize
        outbox.append(packet)
        if !wasTooMuch, outboxBytes > service.bufferLimit {
            service.timers.push(.peer(id, .overflow), at: service.loop.now)
        }
    }

    /// Cuts a client off that does not ask for what waits for it.
    private func overflow(at now: NIODeadline) {
        guard isOpen, outboxBytes > service.bufferLimit, !outbox.isEmpty else { return }
        service.noteCut(self, bytes: outboxBytes, since: outboxSince, at: now)
        reset(.tooSlow, at: now)
    }
}

extension EngineSession: Flushable {
    /// Answers the poll that waits, if there is one and something to say.
    func flush() {
        isDirty = false
        guard poll != nil, !outbox.isEmpty else { return }
        answerPoll()
    }
}

// The heartbeat: a ping `pingInterval` after the last pong, and a pong within `pingTimeout` of it.
extension EngineSession {
    func scheduleHeartbeat(at now: NIODeadline, after time: Duration) {
        heartbeatToken &+= 1
        service.timers.push(.peer(id, .heartbeat(token: heartbeatToken)), at: now + TimeAmount(time))
    }

    private func heartbeatDue(_ token: UInt32, at due: NIODeadline) {
        guard isOpen, token == heartbeatToken else { return }
        guard !protocolState.isPongDue else { return abort(.heartbeatMissed) }
        var message = ByteBufferAllocator().buffer(capacity: 1)
        EngineIOPacketWriter.write(.ping, to: &message)
        write(.text(message))
        protocolState.pinged()
        service.counts.messages.pingsSent += 1
        scheduleHeartbeat(at: due, after: service.configuration.pingTimeout)
    }
}

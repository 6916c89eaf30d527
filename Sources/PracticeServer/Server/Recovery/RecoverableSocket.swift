import NIOCore

/// A client as the dialect knows it, which outlives the session that carries it: Socket.IO's connection state recovery.
///
/// The dialect is told that the client left when it did so in order, or when it has not come back in time; until then
/// what is sent to it is kept. The official server tells its application at once, and keeps the rooms.
final class RecoverableSocket<D: Dialect>: Peer {
    private let service: Service<D>
    let id: SocketID
    private(set) var visitor: Visitor
    /// The session over which it is reached, while there is one.
    private weak var carrier: EngineSession<D>?
    /// By namespace.
    private var lines: [Int: RecoverableLine] = [:]
    /// Timers with another token are out of date.
    private var token: UInt32 = 0

    init(_ service: Service<D>, for carrier: EngineSession<D>) {
        self.service = service
        self.carrier = carrier
        visitor = carrier.visitor
        id = service.makeID()
        service.peers[Int(id.slot)] = self
    }

    var isOpen: Bool { carrier?.isOpen == true }

    /// The client joined a namespace; what it has to show if it wants to come back to it.
    func join(_ namespace: Int, sid: String) -> String {
        let pid = service.makeName(id, 1000 + UInt64(truncatingIfNeeded: namespace))
        lines[namespace] = RecoverableLine(sid: sid, pid: pid)
        service.pids[pid] = id
        return pid
    }

    /// The client left a namespace in order; the dialect was told.
    func leave(_ namespace: Int) {
        guard let line = lines.removeValue(forKey: namespace) else { return }
        service.pids[line.pid] = nil
    }

    /// The session is gone, and the client may come back.
    func lose(_ namespaces: [Int], at now: NIODeadline) {
        carrier = nil
        for namespace in namespaces { lines[namespace]?.isAway = true }
        guard !lines.isEmpty, let time = service.faults.recovery else { return service.release(id) }
        token &+= 1
        service.timers.push(.peer(id, .recoveryExpires(token: token)), at: now + time)
    }

    /// The session is gone for good.
    func end(at now: NIODeadline) {
        carrier = nil
        giveUp(at: now)
        service.release(id)
    }

    /// What a client missed that wants to come back; nil where it cannot.
    func missed(_ namespace: Int, pid: String, offset: String) -> [RecoverableLine.Packet]? {
        guard let line = lines[namespace], line.pid == pid, line.isAway else { return nil }
        return line.packets(after: offset)
    }

    /// Whether the client is away from a namespace that it may come back to by this.
    func isAway(_ namespace: Int, pid: String) -> Bool {
        lines[namespace].map { $0.isAway && $0.pid == pid } ?? false
    }

    /// The client came back to a namespace by a session.
    func resume(_ namespace: Int, over carrier: EngineSession<D>) -> RecoverableLine? {
        self.carrier = carrier
        visitor = carrier.visitor
        lines[namespace]?.isAway = false
        return lines[namespace]
    }

    /// Tells the dialect that the client is not coming back to the namespaces that it is away from.
    ///
    /// - Parameter only: One of them; nil for all.
    func giveUp(_ only: Int? = nil, at now: NIODeadline) {
        for (namespace, line) in lines.sorted(by: { $0.key < $1.key }) where line.isAway {
            guard only == nil || only == namespace else { continue }
            leave(namespace)
            service.counts.recovery.expired += 1
            service.dialect.disconnect(id, namespace: namespace, at: now, output: &service.output)
        }
        if lines.isEmpty, carrier == nil { service.release(id) }
    }
}

// What the dialect sends.
extension RecoverableSocket {
    func send(_ message: ByteBuffer, attachments: [ByteBuffer]) -> Bool {
        guard let namespace = keeps(message), let packet = lines[namespace]?.keep(message, attachments),
            let line = lines[namespace]
        else { return carrier?.send(message, attachments: attachments) ?? false }
        guard !line.isAway, let carrier else { return false }
        return carrier.send(line.text(of: packet), attachments: attachments)
    }

    func sendBinary(_ message: ByteBuffer) -> Bool { carrier?.sendBinary(message) ?? false }

    func close(_ end: ConnectionEnd, code: UInt16?, reason: String) {
        guard let carrier else { return self.end(at: service.loop.now) }
        carrier.close(end, code: code, reason: reason)
    }

    func reset(_ end: ConnectionEnd, at now: NIODeadline) {
        guard let carrier else { return self.end(at: now) }
        carrier.reset(end, at: now)
    }

    func fire(_ timer: PeerTimer, due: NIODeadline, at now: NIODeadline) {
        guard case .recoveryExpires(let token) = timer, token == self.token else { return }
        giveUp(at: now)
    }

    /// The namespace of an event that is kept; nil for any other packet.
    private func keeps(_ message: ByteBuffer) -> Int? {
        message.withUnsafeReadableBytes { bytes in
            guard let head = EventHead(bytes), !head.hasID else { return nil }
            return service.namespaces.place(of: head.namespace, in: bytes)
        }
    }
}

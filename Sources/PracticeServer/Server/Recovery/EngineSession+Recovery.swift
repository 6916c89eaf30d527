import NIOCore
import Wire

// Connection state recovery, from the side of the session that a client comes back by.
//
// Source: socketio/socket.io, packages/socket.io/lib/namespace.ts, `_createSocket`, and socket.ts, `constructor`.
extension EngineSession {
    /// Sees to it that the dialect knows the client by a number that outlives the session, where that is wanted.
    func prepareRecovery() {
        guard service.faults.recovery != nil, seat == nil else { return }
        seat = RecoverableSocket(service, for: self)
    }

    /// Lets a client come back to a namespace, if it can; without asking the dialect, as the official server asks no
    /// middleware.
    ///
    /// As there, what it missed comes before the answer to its CONNECT.
    func recover(_ namespace: Int, _ joining: Joining, at now: NIODeadline) -> Bool {
        guard service.faults.recovery != nil, let pid = joining.auth.string("pid"),
            let offset = joining.auth.string("offset")
        else { return false }
        let known = service.pids[pid].flatMap { service.peer($0) as? RecoverableSocket<D> }
        guard let known, seat == nil || seat === known, let missed = known.missed(namespace, pid: pid, offset: offset),
            let line = known.resume(namespace, over: self)
        else {
            service.counts.recovery.refused += 1
            // It comes as somebody new; nobody will ask for the old one any more.
            if known?.isAway(namespace, pid: pid) == true { known?.giveUp(namespace, at: now) }
            return false
        }
        seat = known
        hasJoined = true
        service.counts.messages.connects += 1
        service.counts.recovery.restored += 1
        service.counts.recovery.resent += missed.count
        service.log?.note("restored", visitor, at: service.clock.milliseconds(at: now)) {
            $0.member("resent", missed.count)
        }
        for packet in missed { _ = send(line.text(of: packet), attachments: packet.attachments) }
        write(.text(Self.connected(service.namespaces.names[namespace], sid: line.sid, pid: line.pid)))
        return true
    }

    /// The answer to a CONNECT; without `pid` where nothing can be recovered.
    static func connected(_ namespace: SocketIONamespace, sid: String, pid: String?) -> ByteBuffer {
        var reply = ByteBufferAllocator().buffer(capacity: 96)
        SocketIOPacketWriter.writeConnected(namespace, sid: sid, to: &reply)
        guard let pid else { return reply }
        // Before the brace at its end.
        reply.moveWriterIndex(to: reply.writerIndex - 1)
        reply.writeString(",\"pid\":\"\(pid)\"}")
        return reply
    }
}

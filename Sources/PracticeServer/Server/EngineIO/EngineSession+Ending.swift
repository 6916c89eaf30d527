import NIOCore
import Wire

// How a session ends.
extension EngineSession {
    /// How long a closed session waits for the poll that takes the news; the official server's `closeTimeout`.
    private static var closeTime: TimeAmount { .seconds(30) }

    /// Notes how the session ends, once; from now on nothing is sent to this client but the end itself.
    func end(_ end: ConnectionEnd) {
        guard isOpen else { return }
        isOpen = false
        brokeProtocol = end == .protocolError || end == .tooLarge
        countHeld()
        let joined = protocolState.joinedNamespaces
        let reason = end.reason(over: transport)
        service.noteEnd(end, of: self, reason: reason, namespaces: joined.count)
        abandonUpgrade()
        let now = service.loop.now
        if let seat, reason.isRecoverable {
            seat.lose(joined, at: now)
        } else {
            for namespace in joined {
                seat?.leave(namespace)
                service.dialect.disconnect(member, namespace: namespace, at: now, output: &service.output)
            }
            seat?.end(at: now)
        }
        protocolState.leaveAll()
    }

    /// Ends the session in order: the client is told by a DISCONNECT for each namespace where it did nothing wrong, and
    /// by the end of the transport.
    ///
    /// As with the official server's `socket.disconnect(true)`, what was sent before is still delivered.
    func close(_ end: ConnectionEnd, code: UInt16?, reason: String) {
        guard isOpen else { return }
        if end == .kicked || end == .closedByServer {
            for namespace in protocolState.joinedNamespaces {
                var message = ByteBufferAllocator().buffer(capacity: 16)
                SocketIOPacketWriter.writeDisconnect(service.namespaces.names[namespace], to: &message)
                write(.text(message))
            }
        }
        self.end(end)
        if let webSocket {
            webSocket.close()
            service.release(id)
        } else {
            service.timers.push(.peer(id, .forget), at: service.loop.now + Self.closeTime)
            answerPoll()
        }
    }

    /// Ends the session at once: what was not sent is lost, and requests for it find nothing any more.
    func abort(_ end: ConnectionEnd) {
        self.end(end)
        outbox.removeAll()
        webSocket?.close()
        answerPoll()
        service.release(id)
    }

    /// The client ended the session by a packet.
    func closedByClient() {
        guard isOpen else { return }
        end(.closedByClient(.closePacket))
        webSocket?.close()
        endPoll(.noop)
        service.release(id)
    }

    /// The WebSocket that carries the session is gone, or at its end.
    func lostWebSocket(_ end: ConnectionEnd) {
        self.end(end)
        webSocket = nil
        service.release(id)
    }

    func reset(_ end: ConnectionEnd, at now: NIODeadline) {
        guard isOpen else { return }
        let candidate = candidate
        self.candidate = nil
        self.end(end)
        candidate?.reset()
        webSocket?.reset()
        poll?.reset()
        post?.reset()
        poll = nil
        post = nil
        service.release(id)
    }
}

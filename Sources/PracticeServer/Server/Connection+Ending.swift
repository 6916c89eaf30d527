import NIOCore
import NIOWebSocket
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// How a connection ends.
extension Connection {
    /// How long the other side has to answer a close frame.
    private static var closeTime: TimeAmount { .seconds(2) }

    /// Notes how the connection ends, once; from now on nothing is sent to this client.
    func end(_ end: End) {
        guard isOpen else { return }
        isOpen = false
        countHeld()
        switch end {
        case .killed: service.counts.connections.killed += 1
        case .kicked: service.counts.connections.kicked += 1
        case .closedByClient: service.counts.connections.closedByClient += 1
        case .heartbeatMissed: service.counts.connections.heartbeatMissed += 1
        case .neverJoined: service.counts.connections.neverJoined += 1
        case .protocolError: service.counts.connections.protocolErrors += 1
        case .tooLarge: service.counts.connections.tooLarge += 1
        }
        service.dialect.disconnect(id, at: service.loop.now, output: &service.output)
    }

    /// Ends the connection for a fault of the client's.
    ///
    /// - Parameter code: Of the close frame; the official server ends an Engine.IO session without one.
    func fail(_ reason: End, _ code: WebSocketErrorCode?) {
        guard isOpen else { return }
        end(reason)
        startClosing(code)
    }

    /// Disconnects the client by the protocol, since a newer socket joined its session.
    ///
    /// As with the official server's `socket.disconnect(true)`, DISCONNECT is followed by the end of the connection.
    func kick() {
        guard isOpen else { return }
        var message = ByteBufferAllocator().buffer(capacity: 2)
        SocketIOPacketWriter.writeDisconnect(.main, to: &message)
        send(message)
        fail(.kicked, nil)
    }

    func connectTimedOut() {
        if !hasJoined { fail(.neverJoined, nil) }
    }

    /// Resets the TCP connection: no close frame, no FIN, and what was not sent is lost.
    func kill(at now: NIODeadline) {
        guard isOpen, let channel = context?.channel else { return }
        service.output.log.note(InjectedFault(.killedConnection, at: service.clock.milliseconds(at: now)))
        end(.killed)
        guard let socket = channel as? any SocketOptionProvider else { return cut() }
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in bound.value.cut() }
    }

    /// Sends a close frame and waits a moment for the client's.
    func startClosing(_ code: WebSocketErrorCode?) {
        sendClose(code)
        service.timers.push(.closeTimeout(id), at: service.loop.now + Self.closeTime)
    }

    /// Takes the client's close frame: the answer to ours, or the beginning of the end.
    func closed(_ frame: WebSocketFrame) {
        if isOpen {
            var content = frame.unmaskedData
            let code = content.readWebSocketErrorCode()
            end(.closedByClient)
            sendClose(code)
            flush()
        }
        cut()
    }

    /// Closes the channel without another word.
    func cut() {
        context?.close(promise: nil)
    }

    private func sendClose(_ code: WebSocketErrorCode?) {
        var content = ByteBufferAllocator().buffer(capacity: 2)
        if let code { content.write(webSocketErrorCode: code) }
        write(WebSocketFrame(fin: true, opcode: .connectionClose, data: content))
    }
}

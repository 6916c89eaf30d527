import Metrics
import NIOCore
import Scenarios
import Wire

extension WebSocketTransport {
    /// Takes in what one read brought; the one timestamp taken here stands for all messages in it.
    func read(_ data: ByteBuffer) {
        let now = NIODeadline.now()
        isReading = true
        var buffer = data
        let isOwn = incomplete != nil
        if var incomplete = incomplete.take() {
            incomplete.writeBuffer(&buffer)
            buffer = incomplete
        }
        if case .upgrading = state { upgrade(&buffer, at: now) }
        readFrames(&buffer, at: now)
        guard buffer.readableBytes > 0 else { return }
        switch state {
        case .leaving, .closed: return
        case .goingAway:
            readLast(&buffer, at: now)
            if case .goingAway = state { keep(&buffer, isOwn: isOwn) }
        default: keep(&buffer, isOwn: isOwn)
        }
    }

    /// Keeps a part of a frame until the rest comes.
    private func keep(_ part: inout ByteBuffer, isOwn: Bool) {
        if isOwn { part.discardReadBytes() }
        incomplete = isOwn ? part : copied(part)
    }

    /// A part of a frame in a buffer of its own, with room for the rest: the one it came in goes back to the channel.
    private func copied(_ part: ByteBuffer) -> ByteBuffer {
        var copy = ByteBufferAllocator().buffer(capacity: part.readableBytes + max(decoder.missingBytes, 256))
        copy.writeImmutableBuffer(part)
        return copy
    }

    // MARK: Upgrade

    private func upgrade(_ buffer: inout ByteBuffer, at now: NIODeadline) {
        guard case .upgrading(var handshake) = state else { return }
        guard let outcome = handshake.receive(&buffer) else {
            state = .upgrading(handshake)
            return
        }
        connection?.tape?.answered(handshake, outcome, at: now)
        switch outcome {
        case .upgraded:
            state = .open
            connection?.keepCookies(handshake.headerValues("Set-Cookie"))
            connection?.opened(self, at: now)
        case .refused(let refusal):
            let error = WireError(refusal)
            lose(error.kind, error.sentence, .refused(status: refusal.status, message: refusal.bodyStart), at: now)
        case .invalid(let reason):
            let error = handshake.failure ?? WireError(.protocolViolation, reason)
            lose(error.kind, error.sentence, .failed, at: now)
        }
    }

    /// The socket closed before it was open for messages: an answer whose body ends with it, or none.
    func upgradeEnded(_ handshake: WebSocketHandshake, _ connection: Connection) {
        var handshake = handshake
        let outcome = handshake.finish()
        connection.tape?.answered(handshake, outcome, at: .now())
        if case .refused(let refusal) = outcome {
            let error = WireError(refusal)
            let end = ConnectionEnd.refused(status: refusal.status, message: refusal.bodyStart)
            connection.lost(self, error.kind, error.sentence, end, at: .now())
        } else {
            connection.lost(self, "reset", "the server closed the connection before it answered", .failed, at: .now())
        }
    }

    // MARK: Messages

    private func readFrames(_ buffer: inout ByteBuffer, at now: NIODeadline) {
        do throws(WebSocketError) {
            while case .open = state, let message = try decoder.next(&buffer) {
                switch message {
                case .text(let payload):
                    guard let connection else { return }
                    payload.withUnsafeReadableBytes { connection.received(text: $0, on: self, at: now) }
                case .binary(let payload): connection?.received(binary: payload, on: self, at: now)
                case .ping(let payload): answer(payload, at: now)
                case .pong: connection?.receivedPong(at: now)
                case .close(let code, let reason): closedByServer(code, reason, at: now)
                }
            }
        } catch {
            writeControl(.close, code: error.closeCode)
            let error = WireError(error)
            lose(error.kind, error.sentence, .failed, at: now)
        }
    }

    private func answer(_ ping: ByteBuffer, at now: NIODeadline) {
        let queued = queuedBytes
        if let connection, queued >= connection.answerLimit {
            let text = "the server asks and does not read the answers; \(queued) bytes wait for it"
            return lose("too_large", text, .failed, at: now)
        }
        writeControl(.pong, ping)
    }

    private func closedByServer(_ code: UInt16?, _ reason: String, at now: NIODeadline) {
        writeControl(.close, code: code)
        let text = reason.isEmpty ? "the server closed the connection" : "the server closed the connection: \(reason)"
        lose("closed.\(code ?? 1005)", text, .closed(code: code ?? 1005, reason: reason), at: now)
    }
}

import Metrics
import NIOCore
import Scenarios
import Wire

/// The ends that a fault makes.
extension WebSocketTransport {
    /// Closes the socket with a TCP reset; the connection hears nothing of it.
    ///
    /// One that is still being dialed is reset as soon as it is there.
    func reset(at now: NIODeadline) {
        cutOff(as: .reset, at: now)
    }

    /// The socket stays open and is silent from now on, in both directions; the connection hears nothing of it, and what
    /// it writes goes nowhere.
    func vanish(at now: NIODeadline) {
        cutOff(as: .vanish, at: now)
    }

    /// Goes away as a page does that is closed: with a close frame.
    ///
    /// The connection hears when the server has answered it or closed the socket, at the latest after `closeTimeout`;
    /// what comes until then is thrown away.
    ///
    /// - Returns: False where the socket is not open, so that there is nobody to say good-bye to.
    func goAway(at now: NIODeadline) -> Bool {
        guard case .open = state, let connection else { return false }
        writeControl(.close, code: 1001)
        goingAway = connection
        self.connection = nil
        state = .goingAway
        closeLater()
        return true
    }

    /// Reads what comes after the close frame: up to the server's own it is thrown away.
    func readLast(_ buffer: inout ByteBuffer, at now: NIODeadline) {
        do throws(WebSocketError) {
            while let message = try decoder.next(&buffer) {
                if case .close = message { return gone(at: now) }
            }
        } catch {
            gone(at: now)
        }
    }

    /// The server knows that the client went away, or has had its time.
    func gone(at now: NIODeadline) {
        guard let connection = goingAway.take() else { return }
        if case .goingAway = state { state = .leaving }
        connection.wentAway(at: now)
    }

    /// The channel is there and nobody wants it any more.
    func unwanted(at now: NIODeadline) {
        if let cut { cutOff(as: cut, at: now) } else { close() }
    }

    private func cutOff(as kind: DropKind, at now: NIODeadline) {
        endBlocking(at: now)
        connection = nil
        switch state {
        case .closed: return
        case .dialing: cut = kind
        default: break
        }
        state = .leaving
        incomplete = nil
        guard let channel = context?.channel else { return }
        context = nil
        let socket = SilentSocket.cutOff(channel, of: worker)
        if kind == .reset { socket?.reset() }
    }
}

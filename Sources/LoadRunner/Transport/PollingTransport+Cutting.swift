import NIOCore
import Scenarios

/// The ends that a fault makes.
extension PollingTransport {
    /// Resets the connections of the requests that are under way, and gives the session up; the connection hears nothing.
    func reset() {
        cutOff(as: .reset)
        finish()
    }

    /// The connections of the requests that are under way stay open and are silent; what is sent goes nowhere. The
    /// connection hears nothing.
    func vanish(at now: NIODeadline) {
        endBlocking(at: now)
        connection = nil
        isSilent = true
        queue = []
        (queuedBytes, postedBytes) = (0, 0)
        cutOff(as: .vanish)
    }

    /// Goes away as a page does that is closed: with Engine.IO's close packet.
    ///
    /// The connection hears when the server has answered it, at the latest after `WebSocketTransport.closeTimeout`.
    ///
    /// - Returns: False where there is no session yet.
    func goAway() -> Bool {
        guard sid != nil, let connection else { return false }
        goingAway = connection
        leave()
        return true
    }

    private func cutOff(as kind: DropKind) {
        poll?.cutOff(as: kind)
        post?.cutOff(as: kind)
        (poll, post) = (nil, nil)
    }
}

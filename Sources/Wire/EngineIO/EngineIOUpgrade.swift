/// A client's way from polling to WebSocket, in the order of the official client.
///
/// The caller opens a WebSocket to the session (`transport=websocket&sid=…`) while polling goes on, and does
/// what the actions say. Failure at any point leaves the session where it is: the WebSocket is closed, and polling goes
/// on. How long it all may take is the caller's to say: `fail`.
///
/// The official client stays paused, and loses the session to the next heartbeat, where the WebSocket dies between
/// `3probe` and the end of the poll; here polling is taken up again.
/// Source: engine.io-protocol, README.md, "Upgrade"; engine.io-client, lib/socket.ts, `_probe`, and
/// lib/transports/polling.ts, `pause`.
package struct EngineIOUpgrade: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        /// Send `2probe` as a text frame.
        case sendProbe
        /// Let the requests under way end (the server ends the poll with a noop), but begin no other, and hold back what
        /// is to be sent; report the end with `pollingIsIdle`.
        case pausePolling
        /// Send `5` as a text frame, then what was held back; from here on the session lives on the WebSocket.
        case sendUpgrade
        /// Close the WebSocket; go on with polling (where it was paused: begin a poll, send what was held back).
        case abandon(reason: String)
        /// Nothing to do.
        case none
    }

    package enum State: Hashable, Sendable {
        /// The WebSocket is being opened.
        case opening
        /// `2probe` is sent.
        case probing
        /// `3probe` has come; the last requests of polling are under way.
        case pausing
        /// `5` is sent: the WebSocket carries the session.
        case done
        /// The session stays on polling.
        case failed
    }

    package private(set) var state = State.opening

    package init() {}

    /// Whether a poll or a post may begin.
    package var allowsPolling: Bool {
        switch state {
        case .opening, .probing, .failed: true
        case .pausing, .done: false
        }
    }

    /// The WebSocket is open.
    package mutating func opened() -> Action {
        guard state == .opening else { return .none }
        state = .probing
        return .sendProbe
    }

    /// Takes the payload of a frame of the WebSocket, as long as the state is not `done`.
    ///
    /// Only the first one counts. A server has nothing to say here between `3probe` and `5`: as with the
    /// official client, what it says all the same is dropped, but a close packet is heard.
    ///
    /// - Parameter isPollingIdle: whether neither a poll nor a post is under way.
    package mutating func receive(_ packet: UnsafeRawBufferPointer, isText: Bool = true, isPollingIdle: Bool) -> Action
    {
        switch state {
        case .opening:
            return fail("A packet came before the probe was sent.")
        case .probing:
            guard isText, Self.isProbeAnswer(packet) else {
                return fail("The server answered the probe with something else than a pong.")
            }
            if isPollingIdle { return upgrade() }
            state = .pausing
            return .pausePolling
        case .pausing:
            if isText, packet.first == EngineIOPacketType.close.rawValue {
                return fail("The server closed the WebSocket before the upgrade was complete.")
            }
            return .none
        case .done, .failed:
            return .none
        }
    }

    /// The last request of polling has ended, and its packets have been taken.
    package mutating func pollingIsIdle() -> Action {
        state == .pausing ? upgrade() : .none
    }

    /// The WebSocket failed or closed, the time is over, or the session ended.
    package mutating func fail(_ reason: String) -> Action {
        switch state {
        case .opening, .probing, .pausing:
            state = .failed
            return .abandon(reason: reason)
        case .done, .failed:
            return .none
        }
    }
}

extension EngineIOUpgrade {
    private static var probeAnswer: StaticString { "3probe" }

    private mutating func upgrade() -> Action {
        state = .done
        return .sendUpgrade
    }

    private static func isProbeAnswer(_ packet: UnsafeRawBufferPointer) -> Bool {
        let answer = UnsafeRawBufferPointer(start: probeAnswer.utf8Start, count: probeAnswer.utf8CodeUnitCount)
        guard let base = packet.baseAddress, packet.count == answer.count else { return false }
        return isEqual(base, answer)
    }
}

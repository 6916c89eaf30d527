/// The client's side of one Engine.IO 4 session, packet by packet.
///
/// Knows what may come when; the transport, the timers and the answers are the caller's. A session over WebSocket
/// starts with the open packet; one that was opened by polling starts with `init(opened:)`.
package struct EngineIOSession: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case opened(EngineIOOpen)
        /// Answer with a pong that carries these bytes (none as a rule, `probe` from a tester), and start
        /// `heartbeatDeadline` again.
        case ping(Range<Int>)
        /// A packet of the protocol above.
        case message(Range<Int>)
        /// The server ends the session.
        case close
        /// Nothing to do: noop, pong.
        case none
    }

    /// The time from one ping to the next; zero until the session is open.
    package private(set) var pingInterval = Duration.zero
    /// How late a ping may be; zero until the session is open.
    package private(set) var pingTimeout = Duration.zero

    private var state = State.opening

    private enum State: Hashable {
        case opening, open, closed
    }

    package init() {}

    /// Goes on with a session that another transport opened.
    package init(opened: EngineIOOpen) {
        start(opened)
    }

    /// The connection is dead when this long no ping has come, counted from the open packet or the last ping.
    package var heartbeatDeadline: Duration {
        pingInterval + pingTimeout
    }

    /// Whether packets may be sent.
    package var isOpen: Bool {
        state == .open
    }

    /// Takes one packet: the payload of one text frame. Ranges in the action count from its first byte.
    package mutating func receive(_ payload: UnsafeRawBufferPointer) throws(WireError) -> Action {
        guard let first = payload.first, let type = EngineIOPacketType(rawValue: first) else {
            throw fail("A packet has no type that Engine.IO 4 knows.")
        }
        let content = 1..<payload.count
        switch state {
        case .open:
            switch type {
            case .message: return .message(content)
            case .ping: return .ping(content)
            case .pong, .noop: return .none
            case .close:
                state = .closed
                return .close
            case .open: throw fail("The server opened the session a second time.")
            case .upgrade: throw fail("The server sent an upgrade packet, which only clients send.")
            }
        case .opening:
            switch type {
            case .open:
                let opened: EngineIOOpen
                do throws(WireError) {
                    opened = try EngineIOOpen(parsing: payload, range: content)
                } catch {
                    state = .closed
                    throw error
                }
                start(opened)
                return .opened(opened)
            case .close:
                state = .closed
                return .close
            case .ping, .pong, .message, .upgrade, .noop:
                throw fail("The server sent another packet before the open packet.")
            }
        case .closed:
            return .none
        }
    }

    private mutating func start(_ opened: EngineIOOpen) {
        pingInterval = opened.pingInterval
        pingTimeout = opened.pingTimeout
        state = .open
    }

    private mutating func fail(_ sentence: String) -> WireError {
        state = .closed
        return WireError(.protocolViolation, sentence)
    }
}

/// What a practice server itself received, sent, withheld and cut.
///
/// Every number is exact. A report of Reprise is compared with it: what one side counts as sent, the other must
/// count as received.
package struct Truth: Codable, Hashable, Sendable {
    /// The version of this form.
    package var schema = 1
    package var system: String
    package var seed: UInt64
    /// As they are written on the command line.
    package var faults: [String]
    /// Milliseconds since 1970.
    package var startedAt: Int64
    /// Milliseconds since 1970; when this was counted.
    package var countedAt: Int64

    package var connections = Connections()
    package var messages = Messages()
    /// Answers to HTTP requests by method, path and status: `POST /api/chat 200`; upgrades are not among them.
    package var http: [String: Int] = [:]
    package var sessions = Sessions()
    package var streams = Streams()
    package var chunks = Chunks()
    package var plans = Plans()
    package var tasks = Tasks()
    package var deliveries = Deliveries()
    package var readers = Readers()
    package var attempts = Attempts()
    package var recovery = Recovery()
    /// Faults one by one, oldest first; at most `Truth.listedFaults`.
    package var injected: [InjectedFault] = []
    /// How many more there were than are listed.
    package var injectedNotListed = 0

    /// How many faults are listed one by one.
    package static let listedFaults = 10_000

    /// Engine.IO sessions and plain WebSockets. Every accepted one has at most one end; the others are `open`.
    package struct Connections: Codable, Hashable, Sendable {
        /// Upgrades and polling handshakes that became connections.
        package var accepted = 0
        /// Of those, sessions that were opened by polling.
        package var openedByPolling = 0
        /// Of those in turn, sessions that moved to a WebSocket.
        package var upgraded = 0
        /// Turned down by the fault `refuse`.
        package var refused = 0
        /// Upgrades turned down because the request was not in order, or its Origin not allowed.
        package var rejected = 0
        /// Reset by the fault `kill-after`.
        package var killed = 0
        /// Disconnected because a newer socket joined their session.
        package var kicked = 0
        /// Ended by the client, in whatever way: the sum of the next four.
        package var closedByClient = 0
        /// A WebSocket close frame.
        package var byCloseFrame = 0
        /// The packet by which Engine.IO ends a session.
        package var byClosePacket = 0
        /// The end of the TCP stream, without a word before it.
        package var byFIN = 0
        /// A TCP RST.
        package var byRST = 0
        /// Ended by the server because the client asked for that.
        package var closedByServer = 0
        /// Dropped because a pong did not come in time.
        package var heartbeatMissed = 0
        /// Dropped because no namespace was joined in time.
        package var neverJoined = 0
        /// Dropped because of bytes that the protocol does not allow.
        package var protocolErrors = 0
        /// Dropped because of a message beyond maxPayload.
        package var tooLarge = 0
        /// Closed as soon as they were open because there were as many as the system takes.
        package var overLimit = 0
        /// Dropped because of more errors of the client's than the system puts up with.
        package var tooManyErrors = 0
        /// Reset because more waited for a client than the server keeps; see `readers`.
        package var tooSlow = 0
        /// Why sockets left their namespaces, in the words of the official Socket.IO server; a client counts once for
        /// each namespace that it had joined.
        package var reasons: [String: Int] = [:]
        package var open = 0
        /// Of all, those that get no broadcast any more, although nobody told them: they were too slow once.
        package var silenced = 0
    }

    /// Socket.IO packets and heartbeats.
    package struct Messages: Codable, Hashable, Sendable {
        /// Events by name; beyond a bound, names are counted as `other`.
        package var received: [String: Int] = [:]
        /// Events by name.
        package var sent: [String: Int] = [:]
        package var acksSent = 0
        package var acksReceived = 0
        /// CONNECT packets that were acknowledged.
        package var connects = 0
        package var connectErrors = 0
        /// DISCONNECT packets of clients.
        package var disconnects = 0
        package var pingsSent = 0
        package var pongsReceived = 0
        /// Pings of clients, in an envelope of a plain WebSocket.
        package var pingsReceived = 0
        package var pongsSent = 0
        /// Messages and requests that the fault `latency` held back.
        package var delayed = 0
    }

    /// Sessions of the dialect.
    package struct Sessions: Codable, Hashable, Sendable {
        package var created = 0
        /// Joins of a session that an earlier socket had joined.
        package var restored = 0
        /// Joins that should have been such, and found nothing by the fault `leak-session`.
        package var leaked = 0
        package var expired = 0
    }

    /// Chunked answers. Each that started is completed, cut, or still going on.
    package struct Streams: Codable, Hashable, Sendable {
        package var started = 0
        /// Their end was sent; with the truncated ones.
        package var completed = 0
        /// Stopped halfway by the fault `truncate`; completed all the same.
        package var truncated = 0
        /// Ended early because the client asked something else or did not come back.
        package var cut = 0
    }

    /// Chunks of all answers.
    package struct Chunks: Codable, Hashable, Sendable {
        /// Chunks that left; a duplicated one counts twice.
        package var sent = 0
        /// Never sent, although later ones of the same answer were due after them.
        package var withheld = 0
        /// Second copies.
        package var duplicated = 0
        /// Chunks that were sent after one with a higher index: one per pair that changed places.
        package var reordered = 0
        /// Sent again to a client that came back.
        package var replayed = 0
    }

    /// Action plans; repeated ones after a return of the client are not counted again.
    package struct Plans: Codable, Hashable, Sendable {
        package var sent = 0
        package var single = 0
        package var sequence = 0
        package var resent = 0
        package var confirmationsAsked = 0
    }

    /// Tasks. Each that started has exactly one end, or is `open`.
    package struct Tasks: Codable, Hashable, Sendable {
        package var started = 0
        package var completed = 0
        /// The client declined a confirmation.
        package var aborted = 0
        /// The server stopped them at its limit.
        package var refused = 0
        /// The server could not do them, and said so.
        package var failed = 0
        /// The client asked something else before the end.
        package var superseded = 0
        /// The client left and did not come back in time.
        package var abandoned = 0
        package var open = 0
    }

    /// Broadcasts, one by one to each member.
    package struct Deliveries: Codable, Hashable, Sendable {
        /// Messages times members; what was sent is this, less `withheld`, plus `doubled`.
        package var expected = 0
        /// Never sent.
        package var withheld = 0
        /// Second copies.
        package var doubled = 0
        /// Deliveries that were sent after the one that followed them: one per pair that changed places.
        package var swapped = 0
        /// Second answers of an agent by the fault `duplicate-reply`, times members; `expected` is without them.
        package var repeated = 0
        /// Pairs of events in the wrong order by the fault `wrong-order`, times members.
        package var misordered = 0
    }
}

/// What a client does when its connection falls.
package enum Reconnect: Hashable, Sendable {
    /// It fails.
    case none
    /// It tries again.
    case policy(ReconnectPolicy)
}

/// When a client tries again, and when it gives up.
///
/// Attempt n, from 0, begins `delay · factorⁿ` after the connection was lost or the attempt before failed, made longer
/// or shorter by a random part of `jitter` of it, and only then cut at `cap`.
package struct ReconnectPolicy: Hashable, Sendable {
    package var delay: Duration
    package var factor: Double
    package var cap: Duration
    /// The part of a delay by which it may be longer or shorter, from 0 to 1.
    package var jitter: Double
    /// How many attempts there are until the client gives up; nil: without end.
    package var attempts: Int?
    /// The first connect of a flow is tried again too.
    package var initial: Bool
    /// Close codes after which nothing is tried.
    package var ignore: [UInt16]
    /// A connect that the server turned down (CONNECT_ERROR), and a disconnect by the server, are tried again too.
    package var afterRefusal: Bool

    package init(
        delay: Duration,
        factor: Double = 2,
        cap: Duration,
        jitter: Double = 0,
        attempts: Int? = nil,
        initial: Bool = false,
        ignore: [UInt16] = [],
        afterRefusal: Bool = false
    ) {
        self.delay = delay
        self.factor = factor
        self.cap = cap
        self.jitter = jitter
        self.attempts = attempts
        self.initial = initial
        self.ignore = ignore
        self.afterRefusal = afterRefusal
    }

    /// The official Socket.IO client's: 1, 2, 4, 5, 5 s, each but the last kind a random half longer or shorter.
    ///
    /// Source: socket.io-client 4, manager.ts and contrib/backo2.ts.
    package static let socketIO = ReconnectPolicy(delay: .seconds(1), cap: .seconds(5), jitter: 0.5, initial: true)
}

/// What becomes of a waiting step when the connection falls and comes back.
package enum LossPolicy: String, Hashable, Sendable, CaseIterable {
    /// It goes on waiting, `within` going on too.
    case wait
    /// The flow goes back to the step's cause and sends again.
    case retry
    /// It fails.
    case fail
}

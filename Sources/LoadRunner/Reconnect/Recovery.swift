import NIOCore
import Scenarios

/// How one client comes back after its connection fell: when it tries, how often, and when it gives up.
///
/// A value without a clock or a socket; the client does what it says. The first connect of a flow that does not come
/// about is gone after in the same way, where the policy says so.
struct Recovery {
    enum Phase: Hashable {
        /// The next attempt has its time.
        case pausing
        /// An attempt is under way.
        case connecting
        /// Events can flow, and the flow's running request is waited for before `rejoin` begins.
        case connected
        /// The steps of `rejoin` run.
        case rejoining
    }

    /// What to do next.
    enum Action: Hashable {
        case tryAgain(after: TimeAmount)
        case giveUp
    }

    /// Nothing was connected before: it is the flow's first connect that is tried again.
    let isFirst: Bool
    /// When the client noticed.
    let lostAt: NIODeadline
    private(set) var phase = Phase.pausing
    /// Attempts so far.
    private(set) var attempts = 0
    /// When the attempt that is under way was due, and began.
    private(set) var attempt: VirtualClient.Cause
    /// When the transport was open again.
    private(set) var openedAt: NIODeadline?
    private let policy: ReconnectPolicy
    private var backoff: Backoff
    private var random: ClientRandom

    init(_ policy: ReconnectPolicy, isFirst: Bool, at now: NIODeadline, random: ClientRandom) {
        self.policy = policy
        self.isFirst = isFirst
        self.random = random
        lostAt = now
        attempt = VirtualClient.Cause(scheduled: now, actual: now)
        backoff = Backoff(policy)
    }

    /// The connection fell, or an attempt failed.
    ///
    /// - Parameter kind: One of the kinds of `errors.KIND`.
    mutating func lost(_ kind: String, _ end: ConnectionEnd) -> Action {
        guard policy.retries(kind, end), let pause = backoff.next(&random) else { return .giveUp }
        phase = .pausing
        return .tryAgain(after: pause)
    }

    /// The pause is over.
    mutating func begin(scheduled: NIODeadline, at now: NIODeadline) {
        phase = .connecting
        attempts += 1
        attempt = VirtualClient.Cause(scheduled: scheduled, actual: now)
    }

    /// The transport is open.
    mutating func opened(at now: NIODeadline) {
        openedAt = now
    }

    /// The server speaks the protocol: the session of Engine.IO, or the plain WebSocket, is open, upon which the official
    /// client counts its attempts anew.
    mutating func sessionOpened() {
        backoff.reset()
    }

    /// Events can flow.
    mutating func connected() {
        phase = .connected
    }

    mutating func rejoins() {
        phase = .rejoining
    }
}

extension ReconnectPolicy {
    /// Whether anything is tried after such an end.
    ///
    /// As the official client: not after a CONNECT_ERROR and a disconnect by the server, unless the scenario says so;
    /// not after what the generator itself ran out of, or what is wrong with the scenario.
    func retries(_ kind: String, _ end: ConnectionEnd) -> Bool {
        if case .closed(let code, _) = end, ignore.contains(code) { return false }
        switch kind {
        case "connect_error", "server_disconnect": return afterRefusal
        case "script": return false
        default: return !kind.hasPrefix("generator.")
        }
    }
}

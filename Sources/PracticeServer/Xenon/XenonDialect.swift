import NIOCore
import Wire

/// Xenon: a hub that tells its dashboards what happens on the phones of its nodes.
///
/// What the document leaves open is decided here:
/// - The credentials are those of `XenonCredentials`. Who shows some of both kinds is a node. Every refusal is the
///   CONNECT_ERROR `unauthorized`.
/// - A cookie is made by `POST /xenon/api/auth/dashboard-session` with the API key, today by `POST
///   /xenon/api/auth/login` with e-mail and password; a cookie that holds the API key itself is taken, too. A bearer
///   token comes from `POST /xenon/api/auth/token`.
/// - `handshake`, `register_dashboard` and `register_node` are answered by nothing, unless the client asks for an
///   acknowledgement. A wrong role and a wrong version end in a disconnect by the server.
/// - A socket stays in the room that it registered for first; a node that registers again is announced again.
/// - The hub and every node have 2 phones. On them a simulation runs as long as anybody is registered, 20 steps a second unless `rate` says otherwise: sessions with
///   commands, heals and captured requests, and every fourth step something that happens to one of 12 selectors. When
///   a node goes, its sessions fail and then `node_disconnected` is sent.
/// - Beside the system's own members every event has `eventId`, which no other has, and `order`, which names the phone,
///   selector or node whose order it belongs to; the events of a selector, of a node and of a session, but for the one
///   that it begins with, have `sequence`, which counts from 0. The real server has none of the three.
struct XenonDialect<Generation: XenonGeneration>: Dialect {
    let seed: UInt64
    let faults: FaultPlan
    let clock: WallClock
    /// From one step of the simulation to the next.
    let interval: TimeAmount

    var tokens: XenonTokens
    var deliveries: DeliveryFaults
    var disorder: EveryNth
    var clients: [SocketID: XenonClient] = [:]
    /// In the order in which they registered.
    var dashboards: [SocketID] = []
    /// The hub's phones, then those of the nodes.
    var phones: [XenonPhone]
    var selectors: [XenonSelector] = []
    var hosts: [String: Int] = [:]
    var random: SplitMix64
    /// How many steps were made.
    var steps = 0
    /// When the next step is due; nil where nobody is registered.
    var nextStep: NIODeadline?
    /// How many events were sent, for their ids.
    var events = 0
    /// What comes after the next event of the same order, by the fault `wrong-order`.
    var displaced: [Int: (event: XenonEvent, message: ByteBuffer)] = [:]
    var misordered = 0

    init(seed: UInt64, faults: FaultPlan, clock: WallClock) {
        self.seed = seed
        self.faults = faults
        self.clock = clock
        interval = .nanoseconds(1_000_000_000 / Int64(faults.rate ?? Self.rate))
        tokens = XenonTokens(seed: seed)
        deliveries = DeliveryFaults(faults, clock: clock)
        disorder = EveryNth(faults.wrongOrder)
        random = SplitMix64(seed, 23)
        phones = (0..<XenonPhone.perNode).map { XenonPhone(of: nil, host: Self.hubHost, number: $0) }
    }

    var nextDeadline: NIODeadline? {
        guard let nextStep else { return deliveries.nextDeadline }
        return deliveries.nextDeadline.map { min($0, nextStep) } ?? nextStep
    }

    mutating func advance(to now: NIODeadline, output: inout DialectOutput) {
        while let due = nextStep, due <= now {
            step(at: due, output: &output)
            // After a pause of the machine the grid begins anew, so that the missed steps do not come all at once.
            nextStep = max(due, now - .seconds(1)) + interval
        }
        deliveries.release(at: now, output: &output)
    }

    func count(into truth: inout Truth) {
        truth.deliveries = deliveries.counts
        truth.deliveries.misordered = misordered
    }
}

extension XenonDialect {
    static var system: String { Generation.system }
    static var port: Int { 4723 }
    static var sentEvents: [String] { XenonEvent.allCases.map { "\($0.name)" } }
    static var faults: [String] {
        [
            "latency", "buffer", "zombie", "recovery", "ping-interval", "ping-timeout", "refuse", "kill-after",
            "no-ping", "lose-delivery", "double-delivery", "swap-delivery",
            "wrong-order", "auth", "rate",
        ]
    }

    /// Where the hub says that it runs.
    static var hubHost: String { "hub.internal:4723" }

    /// Steps a second, unless said.
    static var rate: Int { 20 }

    /// The version that `handshake` has to name.
    static var protocolVersion: String { "1.0.0" }
}

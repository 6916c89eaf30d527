import NIOCore

/// The practice server on its event loop: connections, timers, the dialect, and what is counted.
///
/// Everything runs on this one loop, so that a session can be reached by its socket and by HTTP requests without a
/// lock; one core speaks faster than the load generator beside it listens.
final class Service<D: Dialect> {
    let loop: any EventLoop
    let configuration: PracticeServer.Configuration
    let faults: FaultPlan
    let handshake: Handshake
    let clock: WallClock
    let startedAt: Int64

    var dialect: D
    var output = DialectOutput()
    var counts = ServiceCounts(sentEvents: D.sentEvents.count)

    var connections: [Connection<D>?] = []
    var freeSlots: [Int] = []
    var ordinal: UInt32 = 0
    /// Connections with something to flush.
    var unflushed: [Connection<D>] = []

    var timers = DeadlineHeap<ServiceTimer<D>>()
    /// When the loop's timer fires, if it is set.
    var armed: NIODeadline?
    var refusals: Share
    var jitter: SplitMix64
    var isStopped = false

    init(configuration: PracticeServer.Configuration, loop: any EventLoop, epochMilliseconds: Int64) {
        self.loop = loop
        self.configuration = configuration
        faults = FaultPlan(configuration.faults)
        handshake = Handshake(path: configuration.path, origins: OriginList(configuration.allowedHosts))
        clock = WallClock(epochMilliseconds: epochMilliseconds, at: loop.now)
        startedAt = epochMilliseconds
        dialect = D(seed: configuration.seed, faults: faults, clock: clock)
        refusals = Share(faults.refuse)
        jitter = SplitMix64(configuration.seed, 4)
    }

    /// How much later what comes in now is handled; nil without the fault `latency`.
    func drawLatency() -> TimeAmount? {
        guard let latency = faults.latency else { return nil }
        counts.messages.delayed += 1
        let spread = Int(latency.jitter.nanoseconds)
        guard spread > 0 else { return latency.delay }
        return latency.delay + .nanoseconds(Int64(jitter.within(-spread...spread)))
    }

    /// Does what the dialect asked for; nothing is flushed yet.
    func deliver() {
        var next = 0
        while next < output.actions.count {
            switch output.actions[next] {
            case .send(let socket, let event, let message):
                if connection(socket)?.send(message) == true {
                    counts.sent[event] += 1
                }
            case .kick(let socket):
                connection(socket)?.kick()
            }
            next += 1
        }
        output.actions.removeAll(keepingCapacity: true)
    }

    /// Does what the dialect asked for, and flushes all that was written.
    ///
    /// Called once at the end of whatever woke the server.
    func settle() {
        deliver()
        for connection in unflushed {
            connection.flush()
        }
        unflushed.removeAll(keepingCapacity: true)
        arm()
    }

    func truth() -> Truth {
        var truth = Truth(
            system: configuration.system,
            seed: configuration.seed,
            faults: configuration.faults.map(\.description),
            startedAt: startedAt,
            countedAt: clock.milliseconds(at: loop.now)
        )
        truth.connections = counts.connections
        truth.connections.open = connections.count { $0?.isOpen == true }
        truth.messages = counts.messages
        truth.messages.received = counts.received
        for (name, count) in zip(D.sentEvents, counts.sent) where count > 0 {
            truth.messages.sent[name] = count
        }
        truth.http = counts.http
        truth.injected = output.log.faults
        truth.injectedNotListed = output.log.notListed
        dialect.count(into: &truth)
        return truth
    }
}

/// What the server counts itself; the dialect counts the rest.
struct ServiceCounts {
    var connections = Truth.Connections()
    var messages = Truth.Messages()
    var received: [String: Int] = [:]
    /// By the place of the event in `Dialect.sentEvents`.
    var sent: [Int]
    var http: [String: Int] = [:]

    /// How many names of events are told apart; a client can send any number of them.
    private static let nameLimit = 64

    init(sentEvents: Int) {
        sent = Array(repeating: 0, count: sentEvents)
    }

    mutating func countReceived(_ name: String) {
        if received[name] != nil || received.count < Self.nameLimit {
            received[name, default: 0] += 1
        } else {
            received["other", default: 0] += 1
        }
    }
}

/// Something that a service does later.
enum ServiceTimer<D: Dialect> {
    /// Sends a ping, or gives up on a pong.
    case heartbeat(SocketID, token: UInt32)
    /// Gives up on a client that joins no namespace.
    case connectTimeout(SocketID)
    /// Does what the fault `kill-after` says.
    case kill(SocketID)
    /// Handles the message that was held back longest.
    case held(SocketID)
    /// Stops waiting for the other side's close frame.
    case closeTimeout(SocketID)
    /// Answers a request that was held back.
    case request(HTTPHandler<D>)
}

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
    let crossOrigin: CrossOrigin
    let namespaces: NamespaceList
    let endpoints: [Endpoint]
    let connectTimeout: TimeAmount
    let clock: WallClock
    let startedAt: Int64
    /// Where connections are written down as they come and go.
    let log: ConnectionLog?
    /// How long a client may take for one message; nil for any time.
    let sendTimeout: TimeAmount?

    var dialect: D
    var output = DialectOutput()
    var counts = ServiceCounts(sentEvents: D.sentEvents.count)

    var peers: [(any Peer)?] = []
    var freeSlots: [Int] = []
    var ordinal: UInt32 = 0
    /// Engine.IO sessions by the ids that their clients know.
    var sids: [String: SocketID] = [:]
    /// Clients that may come back, by what they show then.
    var pids: [String: SocketID] = [:]
    /// What was written to and not flushed.
    var unflushed: [any Flushable] = []

    /// What echoes are composed in, one after the other.
    var scratch = ByteBuffer()

    var timers = DeadlineHeap<ServiceTimer<D>>()
    /// When the loop's timer fires, if it is set.
    var armed: NIODeadline?
    var refusals: Share
    var jitter: SplitMix64
    var isStopped = false
    var attempts = AttemptList()
    /// Who is sent nothing any more, by the numbers that the dialect knows.
    var silenced: Set<SocketID> = []

    /// - Throws: `PracticeServerError` where the log cannot be opened.
    init(
        configuration: PracticeServer.Configuration,
        loop: any EventLoop,
        epochMilliseconds: Int64
    ) throws(PracticeServerError) {
        if let path = configuration.log { log = try ConnectionLog(path) } else { log = nil }
        self.loop = loop
        self.configuration = configuration
        faults = FaultPlan(configuration.faults)
        let origins = OriginList(configuration.allowedHosts)
        handshake = Handshake(origins: origins, transports: Set(configuration.transports))
        crossOrigin = CrossOrigin(origins: origins)
        namespaces = NamespaceList(D.namespaces)
        endpoints = D.endpoints(faults)
        connectTimeout = TimeAmount(configuration.connectTimeout)
        clock = WallClock(epochMilliseconds: epochMilliseconds, at: loop.now)
        startedAt = epochMilliseconds
        dialect = D(seed: configuration.seed, faults: faults, clock: clock)
        refusals = Share(faults.refuse)
        jitter = SplitMix64(configuration.seed, 4)
        sendTimeout = D.sendTimeout(faults)
    }

    /// Whether it does something to clients that do not read.
    var watchesReaders: Bool { faults.buffer != nil || sendTimeout != nil }

    /// How much later what comes in now is handled; nil without the fault `latency`.
    ///
    /// - Parameter messages: How many it is.
    func drawLatency(messages: Int = 1) -> TimeAmount? {
        guard let latency = faults.latency else { return nil }
        counts.messages.delayed += messages
        let spread = Int(latency.jitter.nanoseconds)
        guard spread > 0 else { return latency.delay }
        return latency.delay + .nanoseconds(Int64(jitter.within(-spread...spread)))
    }

    /// Does what the dialect asked for; nothing is flushed yet.
    func deliver() {
        var next = 0
        while next < output.actions.count {
            switch output.actions[next] {
            case .send(let socket, _, _, _) where suppresses(socket): break
            case .sendBinary(let socket, _, _) where suppresses(socket): break
            case .acknowledge(let socket, _, _) where suppresses(socket): break
            case .send(let socket, let event, let message, let attachments):
                if peer(socket)?.send(message, attachments: attachments) == true { counts.sent[event] += 1 }
            case .sendBinary(let socket, let event, let message):
                if peer(socket)?.sendBinary(message) == true { counts.sent[event] += 1 }
            case .acknowledge(let socket, let message, let attachments):
                if peer(socket)?.send(message, attachments: attachments) == true { counts.messages.acksSent += 1 }
            case .kick(let socket):
                peer(socket)?.close(.kicked, code: nil, reason: "")
            case .close(let socket, let end, let code, let reason):
                peer(socket)?.close(end, code: code, reason: reason)
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
        var next = 0
        while next < unflushed.count {
            unflushed[next].flush()
            next += 1
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
        truth.connections.open = peers.count { $0?.isOpen == true && !($0 is RecoverableSocket<D>) }
        truth.messages = counts.messages
        truth.messages.received = counts.received
        for (name, count) in zip(D.sentEvents, counts.sent) where count > 0 {
            truth.messages.sent[name] = count
        }
        if counts.echoed > 0 {
            truth.messages.received["message", default: 0] += counts.echoed
            truth.messages.sent["message", default: 0] += counts.echoed - counts.swallowed
        }
        truth.http = counts.http
        truth.readers = counts.readers
        truth.attempts = attempts.truth
        truth.recovery = counts.recovery
        truth.injected = output.log.faults
        truth.injectedNotListed = output.log.notListed
        dialect.count(into: &truth)
        return truth
    }
}

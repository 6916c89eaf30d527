import Metrics
import NIOCore

/// What the connections of a proxy share; used on its event loop alone.
///
/// One event loop carries all of them: what is recorded stands in the order in which it happened, between connections
/// as well as within one.
final class ProxyLoop {
    /// How long the server may take to take a connection, TLS included.
    static let dialTimeout = TimeAmount.seconds(10)
    /// How long a client that was told something by the proxy itself has to close.
    static let lingerTime = TimeAmount.seconds(5)

    let eventLoop: any EventLoop
    let rewriting: HeadRewriting
    let copyLimit: Int
    let sink: any TrafficSink

    private let dialer: Dialer
    private var connections: [Int: ProxyConnection] = [:]
    private var count = 0
    private var whenEmpty: EventLoopPromise<Void>?

    init(
        eventLoop: any EventLoop,
        network: NetworkPlan,
        rewriting: HeadRewriting,
        copyLimit: Int,
        sink: any TrafficSink
    ) {
        self.eventLoop = eventLoop
        self.rewriting = rewriting
        self.copyLimit = copyLimit
        self.sink = sink
        // Nobody reads these figures; the dialer wants a place for them.
        let table = MetricTable(groups: ["target"])
        dialer = Dialer(
            eventLoop: eventLoop,
            network: network,
            number: 1,
            recorder: Recorder(table: table, worker: 0),
            metrics: table.fixed
        )
    }

    /// The handler for a client's connection that was taken.
    func accept() -> ProxySocket {
        count += 1
        return ProxyConnection(self, number: count).client
    }

    func dial(_ socket: ProxySocket) {
        dialer.dial(socket, group: 0, timeout: Self.dialTimeout)
    }

    func add(_ connection: ProxyConnection) {
        connections[connection.number] = connection
    }

    func remove(_ connection: ProxyConnection) {
        connections[connection.number] = nil
        if connections.isEmpty { whenEmpty.take()?.succeed() }
    }

    /// Closes the connection of a client that has not done so itself in its time.
    func closeLater(_ connection: ProxyConnection) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let number = connection.number
        eventLoop.scheduleTask(in: Self.lingerTime) { bound.value.connections[number]?.close() }
    }

    /// Ends all connections: each is told, and closed if it has not ended in time.
    func end(within time: TimeAmount) -> EventLoopFuture<Void> {
        guard !connections.isEmpty else { return eventLoop.makeSucceededVoidFuture() }
        let promise = eventLoop.makePromise(of: Void.self)
        whenEmpty = promise
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        for connection in connections.values.sorted(by: { $0.number < $1.number }) { connection.goAway() }
        eventLoop.scheduleTask(in: time) {
            for connection in bound.value.connections.values { connection.close() }
        }
        return promise.futureResult
    }
}

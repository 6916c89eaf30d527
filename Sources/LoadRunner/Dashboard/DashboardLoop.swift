import Metrics
import NIOCore

/// What the connections of a dashboard share; used on its event loop alone.
final class DashboardLoop {
    /// The most connections at once; further ones are closed.
    static let connectionLimit = 64
    /// The part of it that the system may keep; without a bound it would take as much again.
    static let sendBuffer: Int32 = 64 << 10
    /// How much is read of a connection at once.
    static let receiveSize = 4096
    /// How long a connection may take to ask for something and to read the answer.
    static let patience = TimeAmount.seconds(30)
    /// A comment this often, where nothing happens, says that the server is there.
    static let heartbeat = TimeAmount.seconds(10)

    let eventLoop: any EventLoop
    let rule: HostRule
    /// What may wait for one viewer; who reads slower than that is dropped, and the browser comes back for the history.
    let pendingLimit: Int
    var content = DashboardContent()

    private var connections: [ObjectIdentifier: DashboardConnection] = [:]
    private var viewers: [ObjectIdentifier: DashboardConnection] = [:]
    private var heart: RepeatedTask?
    private var whenEmpty: EventLoopPromise<Void>?

    init(eventLoop: any EventLoop, rule: HostRule, pendingLimit: Int) {
        self.eventLoop = eventLoop
        self.rule = rule
        self.pendingLimit = pendingLimit
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        heart = eventLoop.scheduleRepeatedTask(initialDelay: Self.heartbeat, delay: Self.heartbeat) { _ in
            bound.value.tell(":\n\n")
        }
    }

    // MARK: Connections

    /// Takes note of a connection; false where there are too many.
    func add(_ connection: DashboardConnection) -> Bool {
        guard connections.count < Self.connectionLimit, whenEmpty == nil else { return false }
        connections[ObjectIdentifier(connection)] = connection
        return true
    }

    func remove(_ connection: DashboardConnection) {
        connections[ObjectIdentifier(connection)] = nil
        viewers[ObjectIdentifier(connection)] = nil
        if connections.isEmpty { whenEmpty.take()?.succeed() }
    }

    /// A connection wants to know what happens from now on.
    func watch(_ connection: DashboardConnection) {
        viewers[ObjectIdentifier(connection)] = connection
    }

    // MARK: Events

    func tell(_ event: DashboardContent.Event) { tell(event.text) }

    /// One buffer for all: what is copied is the reference.
    private func tell(_ text: String) {
        guard !viewers.isEmpty else { return }
        let buffer = ByteBuffer(string: text)
        for viewer in Array(viewers.values) { viewer.tell(buffer) }
    }

    /// Tells all viewers that nothing more comes, and closes all connections: who has not read it in time is cut off.
    func end(within time: TimeAmount) -> EventLoopFuture<Void> {
        heart?.cancel()
        heart = nil
        tell(DashboardContent.Event(name: "over", data: "{}"))
        let promise = eventLoop.makePromise(of: Void.self)
        guard !connections.isEmpty else {
            promise.succeed()
            return promise.futureResult
        }
        whenEmpty = promise
        for connection in Array(connections.values) { connection.finish() }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let cut = eventLoop.scheduleTask(in: time) {
            for connection in Array(bound.value.connections.values) { connection.close() }
        }
        promise.futureResult.whenComplete { _ in cut.cancel() }
        return promise.futureResult
    }
}

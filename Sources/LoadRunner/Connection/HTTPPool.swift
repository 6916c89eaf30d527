import NIOCore
import NIOHTTP1
import NIOPosix

/// The HTTP connections of a worker, kept alive and used by one client after the other.
///
/// A connection per client would double the descriptors and ports of a run; the requests are rare beside the messages.
/// A request opens a connection where none is idle, so that none ever waits for another.
final class HTTPPool {
    /// Idle connections beyond this many, for one place, are closed.
    static let idleLimit = 256
    /// A connection that was idle for longer is closed rather than used: the server may be about to close it.
    static let idleTime = TimeAmount.seconds(1)

    private unowned let worker: Worker
    /// By authority, the longest idle first.
    private var idle: [String: [HTTPConnection]] = [:]
    private var isClosed = false

    init(worker: Worker) {
        self.worker = worker
    }

    /// Sends a request; its caller hears of the answer or the failure.
    func send(_ exchange: HTTPExchange) {
        guard exchange.mayReuse else { return open(for: exchange) }
        let oldest = NIODeadline.now() - Self.idleTime
        while let connection = idle[exchange.place.authority]?.popLast() {
            guard connection.isUsable, connection.idleSince >= oldest else {
                connection.close()
                continue
            }
            connection.start(exchange)
            return
        }
        open(for: exchange)
    }

    /// Opens a connection for the request.
    func open(for exchange: HTTPExchange) {
        let connection = HTTPConnection(worker: worker, first: exchange)
        let bound = NIOLoopBound(connection, eventLoop: worker.eventLoop)
        worker.dialer.open(to: exchange.place, timeout: exchange.timeout) { channel in
            try channel.pipeline.syncOperations.addHandlers([
                HTTPRequestEncoder(),
                ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)),
            ])
            try channel.pipeline.syncOperations.addHandler(bound.value)
        }.whenFailure { error in
            bound.value.failed(error)
        }
    }

    /// The connection's answer is complete and the server keeps it open.
    func giveBack(_ connection: HTTPConnection, place: HTTPPlace) {
        var connections = idle.removeValue(forKey: place.authority) ?? []
        let oldest = NIODeadline.now() - Self.idleTime
        let stale = connections.prefix { $0.idleSince < oldest || !$0.isUsable }
        for connection in stale { connection.close() }
        connections.removeFirst(stale.count)
        if isClosed || connections.count >= Self.idleLimit {
            connection.close()
        } else {
            connections.append(connection)
        }
        idle[place.authority] = connections
    }

    /// Closes what is idle, and from now on what comes back.
    func close() {
        isClosed = true
        for connection in idle.values.joined() { connection.close() }
        idle = [:]
    }
}

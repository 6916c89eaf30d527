import NIOCore
import NIOHTTP1
import Scenarios

/// The HTTP connections of a worker, kept alive and used by one client after the other.
///
/// A connection per client would double the descriptors and ports of a run; the requests are rare beside the messages.
/// A request opens a connection where none is idle, so that none ever waits for another.
final class HTTPPool {
    /// Idle connections beyond this many are closed.
    static let idleLimit = 256

    private unowned let worker: Worker
    private var idle: [Int: [HTTPConnection]] = [:]
    private var isClosed = false

    init(worker: Worker) {
        self.worker = worker
    }

    /// Sends a request for a client of this group; the client hears of the answer or the failure.
    func send(_ request: HTTPConnection.Request, group: Int) {
        while let connection = idle[group]?.popLast() {
            guard connection.isUsable else { continue }
            connection.start(request)
            return
        }
        open(for: request, group: group)
    }

    /// Opens a connection for the request.
    func open(for request: HTTPConnection.Request, group: Int) {
        let connection = HTTPConnection(pool: self, group: group, first: request)
        let bound = NIOLoopBound(connection, eventLoop: worker.eventLoop)
        worker.dialer.open(to: worker.dialer.address(of: group), timeout: request.timeout) { channel in
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
    func giveBack(_ connection: HTTPConnection, group: Int) {
        guard !isClosed, idle[group, default: []].count < Self.idleLimit else { return connection.close() }
        idle[group, default: []].append(connection)
    }

    /// Closes what is idle, and from now on what comes back.
    func close() {
        isClosed = true
        for connection in idle.values.joined() { connection.close() }
        idle = [:]
    }
}

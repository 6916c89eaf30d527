import NIOCore
import Wire

/// The HTTP connections of a worker, kept alive and used by one client after the other.
///
/// A connection per client would double the descriptors and ports of a run; the requests are rare beside the messages.
/// A request opens a connection where none is idle, so that none ever waits for another.
final class HTTPPool {
    /// Idle connections beyond this many, for one place, are closed.
    static let idleLimit = 256
    /// A connection that was idle for longer is closed rather than used: the server may be about to close it.
    static let idleTime = TimeAmount.seconds(1)

    /// Which requests a connection may serve one after the other.
    private struct Key: Hashable {
        var group: Int?
        var isSecure: Bool
        var authority: String
        var limits: WireLimits
        var receiveBuffer: Int?

        init(_ exchange: HTTPExchange) {
            group = exchange.place.group
            isSecure = exchange.place.isSecure
            authority = exchange.place.authority
            limits = exchange.limits
            receiveBuffer = exchange.receiveBuffer
        }
    }

    private unowned let worker: Worker
    /// The longest idle first.
    private var idle: [Key: [HTTPConnection]] = [:]
    private var isClosed = false

    init(worker: Worker) {
        self.worker = worker
    }

    /// Sends a request; its caller hears of the answer or the failure.
    func send(_ exchange: HTTPExchange) {
        if let objection = exchange.objection {
            exchange.finish()?.requestFailed("script", objection, at: .now())
            return
        }
        if exchange.mayReuse, let connection = takeIdle(for: exchange) {
            connection.start(exchange)
        } else {
            open(for: exchange)
        }
    }

    /// Opens a connection for the request.
    func open(for exchange: HTTPExchange) {
        worker.dialer.dial(
            HTTPConnection(worker: worker, first: exchange),
            to: exchange.place,
            timeout: exchange.timeout,
            route: exchange.wantedRoute,
            receiveBuffer: exchange.receiveBuffer,
            measuredFor: exchange.recordingGroup
        )
    }

    /// The connection's answer is complete and the server keeps it open.
    func giveBack(_ connection: HTTPConnection, after exchange: HTTPExchange) {
        let key = Key(exchange)
        var connections = idle.removeValue(forKey: key) ?? []
        let oldest = NIODeadline.now() - Self.idleTime
        let stale = connections.prefix { $0.idleSince < oldest || !$0.isUsable }
        for connection in stale { connection.close() }
        connections.removeFirst(stale.count)
        if isClosed || connections.count >= Self.idleLimit {
            connection.close()
        } else {
            connections.append(connection)
        }
        idle[key] = connections
    }

    /// Closes what is idle, and from now on what comes back.
    func close() {
        isClosed = true
        for connection in idle.values.joined() { connection.close() }
        idle = [:]
    }

    /// The connection that has been idle for the shortest time and has the right route.
    private func takeIdle(for exchange: HTTPExchange) -> HTTPConnection? {
        let key = Key(exchange)
        guard var connections = idle.removeValue(forKey: key) else { return nil }
        defer { if !connections.isEmpty { idle[key] = connections } }
        let oldest = NIODeadline.now() - Self.idleTime
        var place = connections.count - 1
        while place >= 0 {
            let connection = connections[place]
            if !connection.isUsable || connection.idleSince < oldest {
                connections.remove(at: place)
                connection.close()
            } else if exchange.wantedRoute.map({ connection.route?.leads(as: $0) ?? false }) ?? true {
                return connections.remove(at: place)
            }
            place -= 1
        }
        return nil
    }
}

import Metrics
import NIOCore
import NIOHTTP1
import NIOSSL
import Scenarios

/// Sends requests to one endpoint, one at a time, over a connection that is kept open between them.
///
/// It belongs to its event loop, which is no worker's, and is used on it alone. Redirects are not followed: an answer is
/// what the server itself says, and a password must not go elsewhere.
final class EndpointClient {
    struct Answer {
        var head: HTTPResponseHead
        var body: [UInt8]
    }

    typealias Completion = (Result<Answer, EndpointFailure>) -> Void

    let endpoint: Endpoint
    private let eventLoop: any EventLoop
    private let dialer: Dialer
    private let headers: HTTPHeaders
    /// The connection that the last answer came over, as long as it is open.
    private var idle: EndpointConnection?
    private var running: Exchange?

    /// One request, until its answer is there or its time is over.
    final class Exchange {
        let head: HTTPRequestHead
        let body: ByteBuffer?
        let limit: Int
        let timeout: TimeAmount
        var completion: Completion?
        var timer: Scheduled<Void>?
        var connection: EndpointConnection?
        /// It went over a connection that had answered before, which the server may have closed meanwhile.
        var isOnOldConnection = false

        init(
            _ head: HTTPRequestHead,
            _ body: ByteBuffer?,
            limit: Int,
            timeout: TimeAmount,
            _ completion: @escaping Completion
        ) {
            self.head = head
            self.body = body
            self.limit = limit
            self.timeout = timeout
            self.completion = completion
        }
    }

    /// - Parameters:
    ///   - tls: How TLS is spoken with it; nil without TLS.
    ///   - resolver: Looks up its name before each connection, where it is one.
    ///   - headers: What all requests have besides.
    init(
        _ endpoint: Endpoint,
        eventLoop: any EventLoop,
        tls: NIOSSLContext?,
        resolver: NameResolver,
        headers: [(name: String, value: String)] = []
    ) {
        self.endpoint = endpoint
        self.eventLoop = eventLoop
        let url = endpoint.url
        let host = Destination.host(url)
        let destination = Destination(
            url,
            addresses: try? NameLookup.addresses(of: host, port: url.port, isNumeric: true),
            tls: tls.map { TLSClient(context: $0, host: host) }
        )
        // Nobody reads these figures; the dialer wants a place for them.
        let table = MetricTable(groups: ["endpoint"])
        dialer = Dialer(
            eventLoop: eventLoop,
            network: NetworkPlan(destinations: [destination], resolver: resolver),
            number: 1,
            recorder: Recorder(table: table, worker: 0),
            metrics: table.fixed
        )
        var all: HTTPHeaders = ["Host": destination.authority, "User-Agent": "reprise"]
        if let authorization = endpoint.authorization { all.add(name: "Authorization", value: authorization) }
        for header in headers { all.replaceOrAdd(name: header.name, value: header.value) }
        self.headers = all
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - headers: Its own.
    ///   - limit: How many bytes the answer's body may have.
    ///   - timeout: For all of it: the name, the connection, TLS, the whole answer.
    ///   - completion: Called once, later, on the event loop.
    func send(
        _ method: HTTPMethod,
        headers own: HTTPHeaders,
        body: ByteBuffer? = nil,
        limit: Int,
        timeout: TimeAmount,
        _ completion: @escaping Completion
    ) {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: endpoint.path, headers: headers)
        head.headers.add(contentsOf: own)
        if let body { head.headers.replaceOrAdd(name: "Content-Length", value: String(body.readableBytes)) }
        let exchange = Exchange(head, body, limit: limit, timeout: timeout, completion)
        guard running == nil else {
            return completion(.failure(EndpointFailure(text: "the last request is still under way")))
        }
        running = exchange
        exchange.timer = eventLoop.assumeIsolated().scheduleTask(in: timeout) { [weak self, weak exchange] in
            guard let self, let exchange else { return }
            exchange.connection?.abandon()
            let text = "no whole answer within \(Self.words(timeout))"
            self.finish(exchange, .failure(EndpointFailure(text: text)))
        }
        if let connection = idle.take(), connection.isUsable {
            exchange.isOnOldConnection = true
            connection.start(exchange)
        } else {
            dial(exchange)
        }
    }

    /// Ends what is under way, without a word to who waits for it, and the connection.
    func close() {
        if let exchange = running.take() {
            exchange.timer?.cancel()
            exchange.completion = nil
            exchange.connection?.abandon()
        }
        idle?.abandon()
        idle = nil
    }

    // MARK: For a connection

    func answered(_ exchange: Exchange, _ answer: Answer, over connection: EndpointConnection) {
        if answer.head.isKeepAlive { idle = connection } else { connection.abandon() }
        finish(exchange, .success(answer))
    }

    func failed(_ exchange: Exchange, _ failure: EndpointFailure, hadAnswer: Bool) {
        // What goes twice does no harm: a reading asks, and figures are cumulative.
        if exchange.isOnOldConnection, !hadAnswer, running === exchange {
            exchange.isOnOldConnection = false
            return dial(exchange)
        }
        finish(exchange, .failure(failure))
    }

    private func dial(_ exchange: Exchange) {
        let connection = EndpointConnection(self, first: exchange)
        dialer.dial(connection, group: 0, timeout: exchange.timeout)
    }

    private func finish(_ exchange: Exchange, _ result: Result<Answer, EndpointFailure>) {
        guard running === exchange else { return }
        running = nil
        exchange.timer?.cancel()
        exchange.connection = nil
        exchange.completion.take()?(result)
    }

    private static func words(_ time: TimeAmount) -> String {
        ValueText.time(microseconds: Double(time.nanoseconds) / 1000)
    }
}

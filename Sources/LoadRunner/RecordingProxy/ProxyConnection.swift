import NIOCore

/// A client's connection through the proxy, and the one to the server that belongs to it.
///
/// There is one to the server for each of the client's, opened with the first request: so ends, resets, idle times and
/// what is said on one connection after another mean on either side what they mean on the other. `+Requests` and
/// `+Answers` are HTTP's two directions, `+Tunnel` what comes after an upgrade, `+Ending` the ends.
final class ProxyConnection {
    /// Bytes of a client's that wait for the request before them to be answered.
    static let pipelineLimit = 64 * 1024
    /// Bytes of a head; servers have limits of their own, which are far below.
    static let headLimit = 512 * 1024

    enum Mode {
        case http
        case tunnel(ProxyTunnel)
        /// What comes is thrown away: the client was told something by the proxy itself.
        case refused
    }

    enum Part {
        /// The head comes next; so many bytes of it were looked at.
        case head(scanned: Int)
        case body(RelayedBody)
        /// Of a request: it has been sent. Of an answer: it has been given.
        case done
    }

    let proxy: ProxyLoop
    let number: Int
    private(set) lazy var client = ProxySocket(.client, of: self)
    private(set) var upstream: ProxySocket?
    var mode = Mode.http

    // Of +Requests.
    var fromClient = ByteBuffer()
    var request = Part.head(scanned: 0)

    // Of +Answers.
    var fromUpstream = ByteBuffer()
    var answer = Part.head(scanned: 0)
    /// The request that is being sent or waits for its answer.
    var exchange: ProxyExchange?

    // Of +Ending.
    var isOver = false

    init(_ proxy: ProxyLoop, number: Int) {
        self.proxy = proxy
        self.number = number
    }

    func note(_ event: TrafficEvent, at time: NIODeadline = .now()) {
        proxy.sink.note(event, on: number, at: time)
    }

    // MARK: Sockets

    /// The server's socket, dialed where there is none yet.
    func openUpstream() -> ProxySocket {
        if let upstream { return upstream }
        let socket = ProxySocket(.upstream, of: self)
        upstream = socket
        proxy.dial(socket)
        return socket
    }

    func opened(_ socket: ProxySocket) {
        if socket === client {
            proxy.add(self)
        } else if client.isClosed {
            return socket.close()
        }
        readOn()
    }

    func received(_ bytes: ByteBuffer, from socket: ProxySocket) {
        switch mode {
        case .http where socket === client:
            Self.append(bytes, to: &fromClient)
            advanceRequests()
        case .http:
            Self.append(bytes, to: &fromUpstream)
            advanceAnswers()
        case .tunnel(let tunnel):
            relay(bytes, from: socket, through: tunnel)
        case .refused:
            break
        }
    }

    /// A buffer that is used up is not written to any more: it would only grow.
    private static func append(_ bytes: ByteBuffer, to buffer: inout ByteBuffer) {
        if buffer.readableBytes == 0 { buffer = bytes } else { buffer.writeImmutableBuffer(bytes) }
    }

    /// All that could be read at once has been.
    func readCompleted() {
        client.flush()
        upstream?.flush()
        readOn()
    }

    /// Reads from each socket as far as the other takes it.
    func readOn() {
        if clientMayBeRead { client.read() }
        if let upstream, upstream.isOpen, client.isWritable { upstream.read() }
    }

    private var clientMayBeRead: Bool {
        guard upstream?.isWritable ?? true else { return false }
        if case .head = request, exchange == nil { return true }
        return fromClient.readableBytes < Self.pipelineLimit
    }
}

import NIOCore
import Testing
import Wire

@testable import PracticeServer

/// Drives a dialect of Socket.IO through time without a server.
struct DialectDriver<D: Dialect> {
    typealias Event = (name: String, payload: JSONValue)

    var dialect: D
    var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    /// What each socket was sent, in order.
    private(set) var inbox: [SocketID: [Event]] = [:]
    /// Sockets that the server disconnected.
    private(set) var closed: [SocketID] = []
    private(set) var log: [InjectedFault] = []
    private var output = DialectOutput()
    private var sockets: UInt32 = 0

    init(_ faults: [Fault] = [], seed: UInt64 = 7) {
        let clock = WallClock(epochMilliseconds: 1_700_000_000_000, at: now)
        dialect = D(seed: seed, faults: FaultPlan(faults), clock: clock)
    }

    var truth: Truth {
        var truth = Truth(system: D.system, seed: 0, faults: [], startedAt: 0, countedAt: 0)
        dialect.count(into: &truth)
        return truth
    }

    func events(_ socket: SocketID) -> [Event] { inbox[socket] ?? [] }

    func names(_ socket: SocketID) -> [String] { events(socket).map(\.name) }

    func events(_ socket: SocketID, _ name: String) -> [JSONValue] {
        events(socket).filter { $0.name == name }.map(\.payload)
    }

    func isClosed(_ socket: SocketID) -> Bool { closed.contains(socket) }

    /// Forgets what was sent so far.
    mutating func clear() {
        inbox = [:]
    }

    /// Joins the namespace; nil and the message where that is refused.
    mutating func join(
        _ auth: String? = nil,
        headers: [(String, String)] = []
    ) throws -> (socket: SocketID?, refusal: String?) {
        sockets += 1
        let socket = SocketID(slot: Int32(sockets), ordinal: sockets)
        let payload = try auth.map { try Self.json($0) } ?? .absent
        let joining = Joining(
            auth: payload,
            sid: "sid-\(sockets)",
            headers: CredentialHeaders(headers.map { (name: $0.0, value: $0.1) })
        )
        if let refusal = dialect.refusal(of: joining, from: socket, at: now, output: &output) {
            drain()
            return (nil, refusal)
        }
        dialect.connect(socket, joining, at: now, output: &output)
        drain()
        return (socket, nil)
    }

    /// Joins the namespace, which has to go well.
    mutating func connect(_ auth: String? = nil, headers: [(String, String)] = []) throws -> SocketID {
        try #require(try join(auth, headers: headers).socket)
    }

    mutating func disconnect(_ socket: SocketID) {
        dialect.disconnect(socket, namespace: 0, at: now, output: &output)
        drain()
    }

    @discardableResult
    mutating func send(_ name: String, _ json: String = "", from socket: SocketID) throws -> EventReply {
        let payload = json.isEmpty ? .absent : try Self.json(json)
        let reply = dialect.receive(
            IncomingEvent(name: name, payload: payload),
            from: socket,
            at: now,
            output: &output
        )
        drain()
        return reply
    }

    @discardableResult
    mutating func request(
        _ method: String,
        _ path: String,
        _ body: String = "",
        headers: [(String, String)] = []
    ) -> (status: Int, body: JSONValue, headers: [(name: String, value: String)]) {
        let request = DialectRequest(
            method: method,
            path: path,
            address: "127.0.0.1",
            body: JSONPayload(validating: ByteBuffer(string: body)),
            headers: CredentialHeaders(headers.map { (name: $0.0, value: $0.1) })
        )
        let response = dialect.respond(to: request, at: now, output: &output)
        drain()
        let json = (try? JSONValue(parsing: Array(response.body.readableBytesView))) ?? .null
        return (response.status, json, response.headers)
    }

    /// Lets time pass, from deadline to deadline.
    mutating func pass(_ time: TimeAmount) {
        let end = now + time
        while let next = dialect.nextDeadline, next <= end {
            now = max(now, next)
            dialect.advance(to: now, output: &output)
            drain()
        }
        now = end
    }

    private mutating func drain() {
        for action in output.actions {
            switch action {
            case .send(let socket, let event, let message, _):
                let name = D.sentEvents[event]
                inbox[socket, default: []].append((name, Self.payload(of: message, name)))
            case .close(let socket, _, _, _):
                closed.append(socket)
            case .kick, .sendBinary, .acknowledge:
                Issue.record("No dialect that is driven here does anything of this kind.")
            }
        }
        output.actions.removeAll()
        log = output.log.faults
    }

    private static func json(_ text: String) throws -> JSONPayload {
        try #require(JSONPayload(validating: ByteBuffer(string: text)))
    }

    /// The payload of `42["name",payload]`.
    private static func payload(of message: ByteBuffer, _ name: String) -> JSONValue {
        let text = String(buffer: message)
        guard text.hasPrefix("42"), let list = try? JSONValue(parsing: String(text.dropFirst(2))),
            list[0] == .string(name), let payload = list[1], list[2] == nil
        else {
            Issue.record("This is no event with one argument: \(text)")
            return .null
        }
        return payload
    }
}

extension JSONValue {
    /// The names of an object's members; empty for anything else.
    var keys: Set<String> {
        if case .object(let members) = self { return Set(members.map(\.name)) }
        return []
    }

    var isTrue: Bool { self == .bool(true) }
}

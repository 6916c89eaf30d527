import NIOCore
import Testing
import Wire

@testable import PracticeServer

typealias LeFluxDriver = AnyLeFluxDriver<LeFluxDocument>
typealias LeFluxCurrentDriver = AnyLeFluxDriver<LeFluxCurrent>

/// Drives the dialect through time without a server, as a patient client would.
struct AnyLeFluxDriver<Generation: LeFluxGeneration> {
    typealias Event = (name: String, payload: JSONValue)

    var dialect: LeFluxDialect<Generation>
    var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    /// What each socket was sent, in order.
    private(set) var inbox: [SocketID: [Event]] = [:]
    private(set) var kicked: [SocketID] = []
    private(set) var log: [InjectedFault] = []
    private var output = DialectOutput()
    private var sockets: UInt32 = 0

    init(seed: UInt64 = 7, _ faults: [Fault] = []) {
        let clock = WallClock(epochMilliseconds: 1_700_000_000_000, at: now)
        dialect = LeFluxDialect(seed: seed, faults: FaultPlan(faults), clock: clock)
    }

    var truth: Truth {
        var truth = Truth(system: LeFluxDialect<Generation>.system, seed: 0, faults: [], startedAt: 0, countedAt: 0)
        dialect.count(into: &truth)
        return truth
    }

    func names(_ socket: SocketID) -> [String] { events(socket).map(\.name) }

    func events(_ socket: SocketID) -> [Event] { inbox[socket] ?? [] }

    func events(_ socket: SocketID, _ name: String) -> [JSONValue] {
        events(socket).filter { $0.name == name }.map(\.payload)
    }

    mutating func connect(session: String? = nil) -> SocketID {
        sockets += 1
        let socket = SocketID(slot: Int32(sockets), ordinal: sockets)
        dialect.connect(socket, Joining(session: session), at: now, output: &output)
        drain()
        return socket
    }

    /// Connects and joins.
    mutating func join(_ session: String) throws -> SocketID {
        let socket = connect()
        let payload = Generation.rules.isCurrent ? #""\#(session)""# : #"{"sessionId":"\#(session)"}"#
        try send("join_session", payload, from: socket)
        return socket
    }

    mutating func disconnect(_ socket: SocketID) {
        dialect.disconnect(socket, namespace: 0, at: now, output: &output)
        drain()
    }

    @discardableResult
    mutating func send(_ name: String, _ json: String, from socket: SocketID) throws -> EventReply {
        let payload = json.isEmpty ? .absent : JSONPayload(validating: ByteBuffer(string: json))
        guard let payload else { throw DriverError.invalidJSON }
        let event = IncomingEvent(name: name, payload: payload)
        let reply = dialect.receive(event, from: socket, at: now, output: &output)
        drain()
        return reply
    }

    @discardableResult
    mutating func post(_ path: String, _ body: String, address: String = "127.0.0.1") -> (Int, JSONValue) {
        request("POST", path, body, address: address)
    }

    mutating func request(
        _ method: String,
        _ path: String,
        _ body: String = "",
        address: String = "127.0.0.1"
    ) -> (Int, JSONValue) {
        let request = DialectRequest(
            method: method,
            path: path,
            address: address,
            body: JSONPayload(validating: ByteBuffer(string: body))
        )
        let response = dialect.respond(to: request, at: now, output: &output)
        drain()
        return (response.status, (try? JSONValue(parsing: Array(response.body.readableBytesView))) ?? .null)
    }

    @discardableResult
    mutating func chat(_ session: String, _ message: String = "What does it cost?") -> (Int, JSONValue) {
        post("/api/chat", #"{"sessionId":"\#(session)","message":"\#(message)","context":{}}"#)
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

    /// Asks, lets the answer come, and acts until the task ends or `limit` plans were answered.
    mutating func ask(
        _ session: String,
        _ socket: SocketID,
        _ message: String = "What does it cost?",
        limit: Int = 100,
        confirms: Bool = true
    ) throws {
        let before = events(socket).count
        chat(session, message)
        pass(.seconds(60))
        for _ in 0..<limit {
            let last = events(socket).dropFirst(before).last?.name
            if last == "confirmation_required" {
                try send(
                    "confirmation_response",
                    #"{"sessionId":"\#(session)","confirmed":\#(confirms)}"#,
                    from: socket
                )
            } else if last == "action_plan" {
                try send("action_complete", #"{"sessionId":"\#(session)"}"#, from: socket)
                try send("continue_task", #"{"sessionId":"\#(session)","context":{}}"#, from: socket)
            } else {
                return
            }
        }
    }

    private mutating func drain() {
        for action in output.actions {
            switch action {
            case .send(let socket, let event, let message, _):
                let name = LeFluxDialect<Generation>.sentEvents[event]
                inbox[socket, default: []].append((name, Self.payload(of: message, name)))
            case .kick(let socket):
                kicked.append(socket)
            case .sendBinary, .acknowledge, .close:
                Issue.record("LeFlux does nothing of this kind.")
            }
        }
        output.actions.removeAll()
        log = output.log.faults
    }

    /// The payload of `42["name",payload]`; null where the message is not of that form.
    private static func payload(of message: ByteBuffer, _ name: String) -> JSONValue {
        let text = String(buffer: message)
        guard text.hasPrefix("42"), let list = try? JSONValue(parsing: String(text.dropFirst(2))),
            list[0] == .string(name), let payload = list[1], list[2] == nil
        else { return .null }
        return payload
    }
}

enum DriverError: Error {
    case invalidJSON
}

extension JSONValue {
    var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    var number: Int? {
        if case .integer(let number) = self { return number }
        return nil
    }

    var elements: [JSONValue] {
        if case .array(let elements) = self { return elements }
        return []
    }
}

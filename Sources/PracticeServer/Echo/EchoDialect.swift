import NIOCore
import Wire

/// A server that says what it is told: the target of measurements, and of scenarios that try out a protocol.
///
/// Socket.IO at `/socket.io/` in three namespaces; at `/ws` every message of a plain WebSocket comes back; at `/ws/json`
/// a plain WebSocket speaks envelopes `{type, payload, id}`.
struct EchoDialect: Dialect {
    static let system = "echo"
    static let port = 3010
    static let faults = [
        "latency", "buffer", "zombie", "recovery", "ping-interval", "ping-timeout", "refuse", "kill-after", "no-ping",
        "no-pong",
    ]
    static let sentEvents = EchoEvent.allCases.map { "\($0.name)" }
    static let endpoints = [
        Endpoint("/socket.io/", .socketIO), Endpoint("/ws", .echo), Endpoint("/ws/json", .webSocket),
    ]
    static let namespaces = ["/", "/a", "/b"]
    static let takesEcho = true

    /// How many questions of one client may wait for an answer.
    static let questionLimit = 100
    /// The longest wait of `slow`, in milliseconds.
    static let slowLimit = 60_000

    enum Timer {
        case slow(SocketID, IncomingEvent)
        case heartbeat(SocketID, token: UInt32)
    }

    let faults: FaultPlan
    let clock: WallClock
    let names = namespaces.map { SocketIONamespace($0) ?? .main }
    var timers = DeadlineHeap<Timer>()
    /// What is known of each client of Socket.IO.
    private var clients: [SocketID: Client] = [:]
    var heartbeats: [SocketID: EchoHeartbeat] = [:]
    var counts = EchoCounts()
    /// The streams that clients have open, by name.
    var uploads: [SocketID: [String: EchoUpload]] = [:]

    private struct Client {
        /// Bit n stands for namespace n.
        var namespaces: UInt8 = 0
        /// Ids of questions that wait for an answer, and their namespaces.
        var questions: [Int: Int] = [:]
        var asked = 0
    }

    init(seed: UInt64, faults: FaultPlan, clock: WallClock) {
        self.faults = faults
        self.clock = clock
    }

    var nextDeadline: NIODeadline? { timers.next }

    mutating func connect(_ socket: SocketID, _ joining: Joining, at now: NIODeadline, output: inout DialectOutput) {
        clients[socket, default: Client()].namespaces |= 1 << joining.namespace
    }

    mutating func disconnect(
        _ socket: SocketID,
        namespace: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        heartbeats[socket] = nil
        guard var client = clients[socket] else { return }
        client.namespaces &= ~(1 << namespace)
        client.questions = client.questions.filter { $0.value != namespace }
        clients[socket] = client.namespaces == 0 ? nil : client
        if namespace == 0 { uploads[socket] = nil }
    }

    mutating func receive(
        _ event: IncomingEvent,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        switch event.name {
        case "echo":
            send(.echo, event, to: socket, output: &output)
            return .echoed
        case "ask":
            return ask(event, socket, output: &output)
        case "slow":
            guard let wait = event.payload.integer("ms"), (0...Self.slowLimit).contains(wait) else {
                return .rejected("say how many ms, from 0 to \(Self.slowLimit)")
            }
            timers.push(.slow(socket, event), at: now + .milliseconds(Int64(wait)))
            return .taken
        case "chunk" where event.namespace == 0:
            return takeChunk(event, from: socket)
        case "end" where event.namespace == 0:
            return endUpload(event, from: socket, output: &output)
        case "bye":
            if event.id != nil { acknowledge(event, to: socket, output: &output) }
            output.actions.append(.close(socket))
            return .taken
        default:
            return .rejected("unknown event")
        }
    }

    mutating func receive(
        _ acknowledgement: IncomingAcknowledgement,
        from socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard clients[socket]?.questions[acknowledgement.id] == acknowledgement.namespace else { return }
        clients[socket]?.questions[acknowledgement.id] = nil
        let answered = IncomingEvent(
            namespace: acknowledgement.namespace,
            name: "",
            payload: .absent,
            arguments: acknowledgement.arguments,
            attachments: acknowledgement.attachments
        )
        send(.answered, answered, to: socket, output: &output)
    }

    mutating func advance(to now: NIODeadline, output: inout DialectOutput) {
        while let (timer, _) = timers.popDue(at: now) {
            switch timer {
            case .slow(let socket, let event):
                guard let client = clients[socket], client.namespaces & 1 << event.namespace != 0 else { continue }
                send(.slow, event, to: socket, output: &output)
                if event.id != nil { acknowledge(event, to: socket, output: &output) }
            case .heartbeat(let socket, let token):
                beat(socket, token, at: now, output: &output)
            }
        }
    }

    func count(into truth: inout Truth) {
        truth.messages.pingsSent += counts.pingsSent
        truth.messages.pongsReceived += counts.pongsReceived
        truth.messages.pingsReceived += counts.pingsReceived
        truth.messages.pongsSent += counts.pongsSent
    }
}

extension EchoDialect {
    /// Asks the client what it was told to be asked.
    private mutating func ask(_ event: IncomingEvent, _ socket: SocketID, output: inout DialectOutput) -> EventReply {
        guard var client = clients[socket] else { return .rejected("not connected") }
        guard client.questions.count < Self.questionLimit else {
            return .rejected("\(Self.questionLimit) questions wait for an answer")
        }
        client.questions[client.asked] = event.namespace
        send(.question, event, id: client.asked, to: socket, output: &output)
        client.asked += 1
        clients[socket] = client
        return .accepted
    }

    /// Sends an event with the arguments of another.
    private func send(
        _ name: EchoEvent,
        _ event: IncomingEvent,
        id: Int? = nil,
        to socket: SocketID,
        output: inout DialectOutput
    ) {
        let message = RawEvent.event(
            name.name,
            names[event.namespace],
            id: id,
            arguments: event.arguments,
            attachments: event.attachments.count
        )
        output.actions.append(
            .send(socket, event: name.rawValue, message: message, attachments: event.attachments)
        )
    }

    /// Acknowledges an event with its own arguments.
    private func acknowledge(_ event: IncomingEvent, to socket: SocketID, output: inout DialectOutput) {
        guard let id = event.id else { return }
        let message = RawEvent.acknowledgement(
            names[event.namespace],
            id: id,
            arguments: event.arguments,
            attachments: event.attachments.count
        )
        output.actions.append(.acknowledge(socket, message: message, attachments: event.attachments))
    }
}

/// The dialect's parts of the truth: the heartbeats of its JSON.
struct EchoCounts {
    var pingsSent = 0
    var pongsReceived = 0
    var pingsReceived = 0
    var pongsSent = 0
}

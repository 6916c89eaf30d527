import Metrics
import NIOCore
import Scenarios
import Wire

/// One client's connection to its server: messages of a transport to events for the client, and back.
///
/// The protocols are values from `Wire`; the bytes are the transports'. `+Packets` is Socket.IO, `+Plain` JSON over a
/// plain WebSocket, `+Sending` the other direction, `+Upgrade` the way from polling to WebSocket.
final class Connection {
    /// What carries the messages.
    enum Transport {
        case none
        case webSocket(WebSocketTransport)
        case polling(PollingTransport)
    }

    let worker: Worker
    let program: Program
    /// The client's name in a trace.
    let name: String
    /// Where what is said is taken down; nil: nowhere.
    let tape: ClientTape?
    /// Nil once the client has left, or was told that the connection is lost.
    private(set) var client: (any ConnectionOwner)?
    var transport = Transport.none
    /// The WebSocket that a session over polling is about to move to.
    var candidate: UpgradeCandidate?
    /// Open to the client; not yet for events where a namespace is still to be acknowledged.
    private(set) var isOpen = false

    /// The client's cookies, as a header says them.
    var cookies: String? { client?.cookies.header }

    // Of +Packets.
    var engine = EngineIOSession()
    var assembler: SocketIOBinaryAssembler
    var socket: SocketIOSession
    /// The sessions with further namespaces, in the program's order.
    var others: [SocketIOSession]
    /// Packets of events that came before their namespace was connected; they are held back until it is.
    var early: [(packet: ByteBuffer, isComplete: Bool)] = []
    var earlyBytes = 0
    /// When the server's next ping is due.
    var pingDue: NIODeadline?

    // Of +Plain.
    var heart: Heart?

    // Of +Faults.
    /// A fault has cut it; the client may not know yet.
    var isCut = false
    /// The client does not read, or has not long read again.
    var stalled: StalledClient?
    /// A stall that begins when the connection is open.
    var waitingStall: (rate: Int?, until: NIODeadline)?

    init(client: any ConnectionOwner) {
        worker = client.worker
        program = client.program
        name = worker.trace == nil ? "" : client.name
        tape = client.tape
        tape?.beginConnection()
        self.client = client
        assembler = SocketIOBinaryAssembler(limits: client.program.group.target.limits)
        let restorable = client.restorable
        let sessions = client.program.namespaces.enumerated().map { place, namespace in
            SocketIOSession(namespace: namespace, recovery: restorable.isEmpty ? nil : restorable[place])
        }
        socket = sessions[0]
        others = Array(sessions.dropFirst())
    }

    var group: Int { program.number }
    /// Where times are recorded, which those of afflicted clients are kept apart by.
    var recordingGroup: Int { client?.group ?? group }
    /// Socket.IO itself gave back what the session before had.
    var isRestored: Bool { socket.isRestored }
    var isSocketIO: Bool { program.group.target.messageProtocol == .socketIO }

    /// Begins to open the connection; the client hears of success as `opened` and `connected`, of failure as
    /// `connectionLost`.
    func open(at now: NIODeadline) {
        if isSocketIO, program.group.target.transports != .webSocket {
            let polling = PollingTransport(connection: self, at: now)
            transport = .polling(polling)
            polling.open()
        } else {
            let socket = WebSocketTransport(connection: self, at: now)
            transport = .webSocket(socket)
            worker.dialer.dial(
                socket,
                group: group,
                measuredFor: recordingGroup,
                timeout: TimeAmount(program.group.target.timeout),
                receiveBuffer: receiveBuffer
            )
        }
    }

    /// The size of the socket's receive buffer; nil: as the target says, or the system.
    var receiveBuffer: Int? {
        client?.mayStall == true ? ReceiveBuffer.small : nil
    }

    // MARK: Transports

    /// A WebSocket was accepted.
    func opened(_ socket: WebSocketTransport, at now: NIODeadline) {
        if candidate?.socket === socket { return probe(at: now) }
        worker.recorder.record(
            worker.metrics.connectUpgrade,
            group: recordingGroup,
            nanoseconds: max(0, (now - socket.openedAt).nanoseconds)
        )
        becameOpen(at: now)
        if !isSocketIO { plainOpened(at: now) }
    }

    func becameOpen(at now: NIODeadline) {
        isOpen = true
        if waitingStall != nil { beginWaitingStall(at: now) }
        client?.opened(at: now)
    }

    /// A text message of the WebSocket.
    func received(text bytes: UnsafeRawBufferPointer, on socket: WebSocketTransport, at now: NIODeadline) {
        tape?.received(bytes, at: now)
        if let candidate, candidate.socket === socket { return probed(bytes, isText: true, at: now) }
        worker.recorder.add(worker.metrics.bytesReceived, group: group, bytes.count)
        if let trace = worker.trace { trace.received(bytes, of: name, at: now) }
        if isSocketIO {
            receive(packet: bytes, at: now)
        } else {
            receivePlain(bytes, at: now)
        }
    }

    /// A binary message, of either transport.
    func received(binary payload: ByteBuffer, on socket: WebSocketTransport? = nil, at now: NIODeadline) {
        if let tape {
            let kind: TapeRecord.Kind = socket == nil ? [.binary, .polling] : .binary
            payload.withUnsafeReadableBytes { tape.received($0, kind, at: now) }
        }
        if let candidate, candidate.socket === socket {
            return payload.withUnsafeReadableBytes { probed($0, isText: false, at: now) }
        }
        worker.recorder.add(worker.metrics.bytesReceived, group: group, payload.readableBytes)
        worker.trace?.note("← \(payload.readableBytes) bytes of binary", of: name, at: now)
        if isSocketIO {
            receive(attachment: payload, at: now)
        } else {
            receivePlain(binary: payload, at: now)
        }
    }

    /// A packet of a polling payload.
    func receivedByPolling(_ packet: UnsafeRawBufferPointer, at now: NIODeadline) {
        tape?.received(packet, .polling, at: now)
        worker.recorder.add(worker.metrics.bytesReceived, group: group, packet.count)
        if let trace = worker.trace { trace.received(packet, of: name, at: now) }
        receive(packet: packet, at: now)
    }

    /// An application's message came.
    func countMessage() {
        worker.recorder.add(worker.metrics.messagesReceived, group: group)
        if let stalled { stalled.tookMessage() }
    }

    /// A transport is of no use any more.
    func lost(
        _ transport: WebSocketTransport,
        _ kind: String,
        _ example: @autoclosure () -> String,
        _ end: ConnectionEnd,
        at now: NIODeadline
    ) {
        if candidate?.socket === transport { return upgradeFailed(kind, example(), at: now) }
        ended(kind, example(), end, at: now)
    }

    /// The socket takes what is written again.
    func socketTakesMore() {
        client?.wakeForRoom()
    }

    // MARK: Ending

    /// Leaves as the protocol says: disconnect, close, and then the server closes the socket.
    func leave() {
        guard client != nil else { return }
        if isOpen, isSocketIO { writeDisconnects() }
        candidate?.socket.abandon()
        candidate = nil
        switch transport {
        case .webSocket(let socket): socket.leave()
        case .polling(let polling): polling.leave()
        case .none: break
        }
        client = nil
        stalled?.ended(byServer: false, at: .now())
    }

    /// Gives the connection up without a word.
    func abandon() {
        client = nil
        dropTransports()
        stalled?.ended(byServer: false, at: .now())
    }

    /// The connection is of no use any more: tells the client, which then fails or expected it.
    func lose(
        _ kind: String,
        _ example: @autoclosure () -> String,
        _ end: ConnectionEnd = .failed,
        at now: NIODeadline
    ) {
        dropTransports()
        ended(kind, example(), end, at: now)
    }

    private func ended(_ kind: String, _ example: @autoclosure () -> String, _ end: ConnectionEnd, at now: NIODeadline)
    {
        guard let client else { return }
        self.client = nil
        if socket.recovery != nil { client.restorable = [socket.recovery] + others.map(\.recovery) }
        transport = .none
        dropTransports()
        if let stalled {
            let isServers = if case .closed = end { true } else { false }
            stalled.ended(byServer: isServers, at: now)
        }
        client.connectionLost(kind, example(), end, at: now)
    }

    private func dropTransports() {
        candidate?.socket.abandon()
        candidate = nil
        switch transport {
        case .webSocket(let socket): socket.abandon()
        case .polling(let polling): polling.abandon()
        case .none: break
        }
        transport = .none
    }
}

import Metrics
import NIOCore
import Scenarios
import Wire

extension Connection {
    /// What handlers and heartbeats send waits for the socket beyond the scenario's limit, up to this many bytes more.
    private static let overdraft = 1 << 20

    /// Whether the scenario's limit lets another message wait for the socket.
    var hasRoom: Bool {
        queuedBytes < program.group.target.outbound.limit
    }

    /// So many bytes may wait for the socket before the server's own questions are answered no more.
    var answerLimit: Int {
        let (limit, overflows) = program.group.target.outbound.limit.addingReportingOverflow(Self.overdraft)
        return overflows ? .max : limit
    }

    /// Whether what the server asks may be answered: pings, and events that are to be acknowledged.
    ///
    /// - Returns: False where the connection was lost, for the server asks and does not read.
    func mayAnswer(at now: NIODeadline) -> Bool {
        let queued = queuedBytes
        guard queued >= answerLimit else { return true }
        lose("too_large", "the server asks and does not read the answers; \(queued) bytes wait for it", at: now)
        return false
    }

    private var queuedBytes: Int {
        switch transport {
        case .webSocket(let socket): socket.queuedBytes
        case .polling(let polling): polling.queuedBytes
        case .none: 0
        }
    }

    /// Sends one packet or message, rendered by the closure.
    func write(_ render: (inout ByteBuffer) -> Void) {
        switch transport {
        case .webSocket(let socket): socket.write(render)
        case .polling(let polling): polling.write(render)
        case .none: break
        }
    }

    private func write(binary payload: [UInt8]) {
        switch transport {
        case .webSocket(let socket): socket.write(binary: payload)
        case .polling(let polling): polling.write(binary: payload)
        case .none: break
        }
    }

    // MARK: Socket.IO

    /// Sends the event of an `emit` step.
    ///
    /// - Parameter carried: Attachments whose placeholders stand in the arguments already.
    func send(
        _ operation: EmitOperation,
        acknowledgement: Int?,
        values: inout ClientValues,
        event: EventView?,
        carrying carried: [ByteBuffer] = []
    ) {
        if let message = operation.message { return send(message, values: &values, event: event) }
        worker.recorder.add(worker.metrics.messagesSent, group: group)
        let keepsSent = program.group.readsSent
        write { frame in
            SocketIOPacketWriter.beginEvent(
                program.namespaces[operation.namespace],
                id: acknowledgement,
                attachments: carried.count + operation.attachments.count,
                to: &frame
            )
            frame.writeBytes(operation.name)
            let arguments = frame.writerIndex
            for argument in operation.arguments {
                frame.writeInteger(UInt8(ascii: ","))
                argument.append(to: &frame, &values, event: event)
            }
            for number in operation.appended {
                frame.writeInteger(UInt8(ascii: ","))
                SocketIOPlaceholder.write(number, to: &frame)
            }
            frame.writeInteger(UInt8(ascii: "]"))
            if keepsSent { values.sent = StoredEvent(arguments: Self.list(in: frame, from: arguments)) }
        }
        for attachment in carried { write(binary: Array(attachment.readableBytesView)) }
        for attachment in operation.attachments { write(binary: attachment.bytes) }
    }

    /// Answers an event for which the server asked an acknowledgement.
    ///
    /// - Parameter carried: Attachments whose placeholders stand in the arguments already.
    func acknowledge(
        _ question: Question,
        _ operation: AcknowledgeOperation?,
        values: inout ClientValues,
        event: EventView?,
        carrying carried: [ByteBuffer] = []
    ) {
        worker.recorder.add(worker.metrics.messagesSent, group: group)
        let attachments = operation?.attachments ?? []
        write { frame in
            SocketIOPacketWriter.beginAck(
                program.namespaces[question.namespace],
                id: question.id,
                attachments: carried.count + attachments.count,
                to: &frame
            )
            var isFirst = true
            for argument in operation?.arguments ?? [] {
                if !isFirst { frame.writeInteger(UInt8(ascii: ",")) }
                isFirst = false
                argument.append(to: &frame, &values, event: event)
            }
            for number in operation?.appended ?? [] {
                if !isFirst { frame.writeInteger(UInt8(ascii: ",")) }
                isFirst = false
                SocketIOPlaceholder.write(number, to: &frame)
            }
            frame.writeInteger(UInt8(ascii: "]"))
        }
        for attachment in carried { write(binary: Array(attachment.readableBytesView)) }
        for attachment in attachments { write(binary: attachment.bytes) }
    }

    /// Asks for the namespaces.
    func writeConnects(auth: JSONTemplate?, values: inout ClientValues) {
        for session in [socket] + others {
            write { frame in
                SocketIOPacketWriter.writeConnect(session.namespace, auth: nil, to: &frame)
                guard let recovery = session.recovery else {
                    auth?.append(to: &frame, &values, event: nil)
                    return
                }
                Self.append(recovery, with: auth, to: &frame, &values)
            }
        }
    }

    /// The credentials with what the session is got back by, which they may replace.
    private static func append(
        _ recovery: SocketIORecovery,
        with auth: JSONTemplate?,
        to frame: inout ByteBuffer,
        _ values: inout ClientValues
    ) {
        var members = [JSONValue.Member("pid", .string(recovery.pid))]
        if let offset = recovery.offset { members.append(JSONValue.Member("offset", .string(offset))) }
        var rendered = ByteBuffer()
        auth?.append(to: &rendered, &values, event: nil)
        let own = try? JSONValue(parsing: Array(rendered.readableBytesView))
        if case .object(let others)? = own {
            members.removeAll { member in others.contains { other in other.name == member.name } }
            members += others
        }
        JSONValue.object(members).write(to: &frame)
    }

    func writeDisconnects() {
        let sessions = [socket] + others
        for session in sessions where session.state == .connected {
            write { SocketIOPacketWriter.writeDisconnect(session.namespace, to: &$0) }
        }
    }

    /// The arguments of an event that was just rendered, as a JSON array: `,1,2]` with its comma for a bracket.
    private static func list(in frame: ByteBuffer, from start: Int) -> [UInt8] {
        guard var list = frame.getBytes(at: start, length: frame.writerIndex - start), list.count > 1 else {
            return Array("[]".utf8)
        }
        list[0] = UInt8(ascii: "[")
        return list
    }

    // MARK: Plain WebSocket

    /// Sends the message of a `send` step, or of an `emit` in its envelope.
    func send(_ message: Send, values: inout ClientValues, event: EventView?) {
        worker.recorder.add(worker.metrics.messagesSent, group: group)
        let keepsSent = program.group.readsSent
        if case .binary(let file) = message.content {
            if keepsSent { values.sent = nil }
            return write(binary: file.bytes)
        }
        write { frame in
            let start = frame.writerIndex
            Self.append(message, to: &frame, values: &values, event: event)
            if keepsSent { values.sent = Self.stored(message, in: frame, from: start) }
        }
    }

    /// Sends binary messages.
    func send(binary messages: [ByteBuffer]) {
        worker.recorder.add(worker.metrics.messagesSent, group: group, messages.count)
        for message in messages { write(binary: Array(message.readableBytesView)) }
    }

    /// Sends a message of the heartbeat, which counts as none.
    func sendBeat(_ message: Send, values: inout ClientValues) {
        write { Self.append(message, to: &$0, values: &values, event: nil) }
    }

    private static func append(
        _ message: Send,
        to frame: inout ByteBuffer,
        values: inout ClientValues,
        event: EventView?
    ) {
        switch message.content {
        case .text(let template): template.appendText(to: &frame, &values, event: event)
        case .json(let template): template.append(to: &frame, &values, event: event)
        case .binary: break
        }
    }

    private static func stored(_ message: Send, in frame: ByteBuffer, from start: Int) -> StoredEvent? {
        guard let bytes = frame.getBytes(at: start, length: frame.writerIndex - start) else { return nil }
        let isText = if case .text = message.content { true } else { false }
        return bytes.withUnsafeBytes { bytes in
            let isJSON = !isText || (try? JSONScanner.validate(bytes)) != nil
            var view = EventView(
                bytes: bytes,
                first: isJSON ? 0..<bytes.count : nil,
                list: 0..<0,
                skipped: 0,
                isText: isText
            )
            if let data = message.data { view.first = data.slice(in: view)?.range }
            return StoredEvent(view)
        }
    }

    // MARK: Overflow

    /// Whether a message outside the flow may be sent although the socket does not take what is sent.
    ///
    /// - Returns: False where it is dropped, or where the connection was lost over it.
    func admits(at now: NIODeadline) -> Bool {
        let outbound = program.group.target.outbound
        let queued = queuedBytes
        guard queued >= outbound.limit else { return true }
        switch outbound.overflow {
        case .drop:
            worker.recorder.add(worker.metrics.sendDropped, group: group)
            return false
        case .wait where queued < answerLimit:
            return true
        case .wait, .fail:
            client?.overflowed(queued, at: now)
            return false
        }
    }
}

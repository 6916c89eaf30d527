import Metrics
import NIOCore
import Scenarios
import Wire

/// Messages of a plain WebSocket, from the server, and the heartbeat that keeps it alive.
extension Connection {
    /// The socket is open, and so are events: there is no namespace to wait for.
    func plainOpened(at now: NIODeadline) {
        if let asking = program.group.target.heartbeat?.asking {
            let heart = Heart(
                every: TimeAmount(asking.every),
                within: TimeAmount(asking.within),
                openedAt: now
            )
            self.heart = heart
            if stalled == nil { client?.set(.heartbeat, at: heart.deadline) }
        }
        client?.sessionOpened(on: self)
        client?.connected(at: now)
    }

    /// Takes one text message.
    func receivePlain(_ bytes: UnsafeRawBufferPointer, at now: NIODeadline) {
        do throws(JSONError) {
            try JSONScanner.validate(bytes, maximumDepth: program.group.target.limits.nesting)
            readPlain(bytes, isJSON: true, at: now)
        } catch {
            guard error.problem != .tooDeep else {
                let limit = program.group.target.limits.nesting
                return lose("too_large", "a message nests deeper than the limit of \(limit)", at: now)
            }
            readPlain(bytes, isJSON: false, at: now)
        }
    }

    /// Takes one binary message: on a plain WebSocket it is a message whose text is its base64.
    func receivePlain(binary payload: ByteBuffer, at now: NIODeadline) {
        var text = ByteBufferAllocator().buffer(capacity: Base64.encodedCount(payload.readableBytes))
        payload.withUnsafeReadableBytes { Base64.encode($0, to: &text) }
        text.withUnsafeReadableBytes { readPlain($0, isJSON: false, at: now) }
    }

    private func readPlain(_ bytes: UnsafeRawBufferPointer, isJSON: Bool, at now: NIODeadline) {
        let whole = 0..<bytes.count
        guard let envelope = program.envelope else {
            let first = isJSON ? whole : nil
            let view = EventView(bytes: bytes, first: first, list: 0..<0, skipped: 0, isText: true)
            return readPlain(program.message, nil, view, at: now)
        }
        guard isJSON else {
            let view = EventView(bytes: bytes, first: nil, list: 0..<0, skipped: 0, isText: true)
            return readPlain(program.message, nil, view, at: now)
        }
        var view = EventView(bytes: bytes, first: whole, list: 0..<0, skipped: 0)
        let name = envelope.event?.slice(in: view)
        let rule = name == nil ? program.rules.first { $0.fits(view) } : nil
        if let data = envelope.data { view.first = data.slice(in: view)?.range }
        if let name {
            let event = worker.withText(of: name, in: bytes, isName: true) { worker.events[$0] }
            readPlain(event, name, view, at: now)
        } else if let rule {
            readPlain(rule.event, nil, view, otherwise: rule.name, at: now)
        } else {
            readPlain(program.message, nil, view, at: now)
        }
    }

    /// - Parameters:
    ///   - event: Nil where the scenario does not know it.
    ///   - name: Where the message says its name, if it does.
    private func readPlain(
        _ event: EventID?,
        _ name: JSONSlice?,
        _ view: EventView,
        otherwise text: String = "message",
        at now: NIODeadline
    ) {
        guard let client else { return }
        if let event {
            if let answer = program.heartbeatAnswer(to: event, view, &client.values) {
                if mayAnswer(at: now) { sendBeat(answer, values: &client.values) }
                return
            }
            if isHeartbeat(event, view, client, at: now) { return }
        }
        countMessage()
        guard let event else {
            if let name {
                worker.withText(of: name, in: view.bytes, isName: true) {
                    worker.recorder.received(unknown: $0, group: group)
                }
            } else {
                worker.recorder.received(unknown: text, group: group)
            }
            client.receivedUnknown(at: now)
            return
        }
        worker.recorder.received(event: event, group: group)
        guard !program.isReserved(event) else { return }
        client.received(event, view, nil, at: now)
    }

    // MARK: Heartbeat

    /// Whether the message answers the client's heartbeat; it is counted then.
    private func isHeartbeat(
        _ event: EventID,
        _ view: EventView,
        _ client: any ConnectionOwner,
        at now: NIODeadline
    ) -> Bool {
        guard let oldest = heart?.oldest,
            case .message(_, let answer)? = program.group.target.heartbeat?.asking?.question,
            client.isHeartbeat(event, view, answering: answer, since: oldest)
        else { return false }
        answered(at: now)
        return true
    }

    /// A pong frame came.
    func receivedPong(at now: NIODeadline) {
        if case .ping? = program.group.target.heartbeat?.asking?.question { answered(at: now) }
    }

    private func answered(at now: NIODeadline) {
        guard let time = heart?.answered(at: now) else { return }
        worker.recorder.record(
            worker.metrics.heartbeatRTT,
            group: recordingGroup,
            nanoseconds: max(0, time.nanoseconds)
        )
    }

    /// The time has come to ask, or an answer is overdue.
    func beat(at now: NIODeadline) {
        guard let client, var heart, let asking = program.group.target.heartbeat?.asking else { return }
        let (missed, asks) = heart.beat(at: now)
        self.heart = heart
        if missed > 0 {
            worker.recorder.add(worker.metrics.heartbeatMissed, group: group, missed)
            // Who can come back takes the server for gone; who cannot has nothing to gain by it.
            guard program.group.reconnect == .none else {
                return lose("heartbeat", "the server did not answer the client's heartbeat in time", at: now)
            }
        }
        if asks {
            switch asking.question {
            case .ping: if case .webSocket(let socket) = transport { socket.writeControl(.ping) }
            case .message(let message, _): sendBeat(message, values: &client.values)
            }
        }
        client.set(.heartbeat, at: heart.deadline)
    }
}

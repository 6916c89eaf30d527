import NIOCore

// How messages go out.
extension PraxisDialect {
    /// Says something to a client in the name of the system.
    mutating func tell(
        _ content: String,
        correlation: String?,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        answer(.chatMessage, correlation: correlation, socket, at: now, output: &output) {
            $0.member("content", string: content)
            $0.member("sender", "system")
            $0.member("type", "system")
        }
    }

    /// Sends a message to one client.
    mutating func answer(
        _ event: PraxisEvent,
        correlation: String?,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput,
        payload: (inout EventWriter) -> Void
    ) {
        counts.answers += 1
        let message = compose(event, correlation, at: now, payload)
        output.actions.append(.send(socket, event: event.rawValue, message: message))
    }

    /// Sends a message to everyone who subscribed to it.
    ///
    /// - Parameter job: Within which the order is kept.
    /// - Returns: To how many clients.
    @discardableResult
    mutating func broadcast(
        _ event: PraxisEvent,
        correlation: String?,
        job: Int,
        at now: NIODeadline,
        output: inout DialectOutput,
        payload: (inout EventWriter) -> Void
    ) -> Int {
        counts.broadcasts += 1
        let message = compose(event, correlation, at: now, payload)
        var receivers = 0
        for socket in sockets where connections[socket]?.subscription.contains(event) == true {
            receivers += 1
            let delivery = DeliveryFaults.Delivery(
                member: socket,
                event: event.rawValue,
                message: message,
                order: job
            )
            deliveries.deliver(delivery, at: now, output: &output)
        }
        return receivers
    }

    private mutating func compose(
        _ event: PraxisEvent,
        _ correlation: String?,
        at now: NIODeadline,
        _ payload: (inout EventWriter) -> Void
    ) -> ByteBuffer {
        var message = EventWriter(objectWithCapacity: 384)
        message.member("type", event.name)
        message.beginObject("payload")
        payload(&message)
        message.endObject()
        message.member("id", string: random.uuid())
        message.member("timestamp", string: ISOTime.text(clock.milliseconds(at: now)))
        if let correlation { message.member("correlation_id", string: correlation) }
        return message.finishObject()
    }
}

import NIOCore

/// What the order of an event is checked within.
struct XenonOrder {
    let kind: StaticString
    let name: String
    /// The same as a number.
    let number: Int
}

extension XenonDialect {
    /// Sends an event to all dashboards.
    ///
    /// - Parameters:
    ///   - sequence: Its number within its session, selector or node.
    ///   - mayWait: Whether the next event of the same order follows in the same session, so that the two may change
    ///     places by the fault `wrong-order`.
    mutating func broadcast(
        _ event: XenonEvent,
        _ order: XenonOrder,
        sequence: Int? = nil,
        mayWait: Bool = false,
        at now: NIODeadline,
        output: inout DialectOutput,
        _ write: (inout EventWriter) -> Void
    ) {
        var payload = EventWriter(event: event.name, capacity: 512)
        write(&payload)
        payload.member("eventId", prefix: "e", number: events)
        payload.member("order") { text in
            text.writeStaticString(order.kind)
            text.writeStaticString(":")
            text.writeString(order.name)
        }
        if let sequence { payload.member("sequence", sequence) }
        events += 1
        let message = payload.finishEvent()
        if sequence != nil, let late = displaced.removeValue(forKey: order.number) {
            _ = disorder.pick(fit: false)
            send(event, message, order, at: now, output: &output)
            send(late.event, late.message, order, at: now, output: &output)
            misordered += dashboards.count
            output.log.note(InjectedFault(.misorderedEvent, at: clock.milliseconds(at: now), stream: order.name))
        } else if disorder.pick(fit: mayWait && !dashboards.isEmpty) {
            displaced[order.number] = (event, message)
        } else {
            send(event, message, order, at: now, output: &output)
        }
    }

    private mutating func send(
        _ event: XenonEvent,
        _ message: ByteBuffer,
        _ order: XenonOrder,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        for dashboard in dashboards {
            let delivery = DeliveryFaults.Delivery(
                member: dashboard,
                event: event.rawValue,
                message: message,
                order: order.number
            )
            deliveries.deliver(delivery, at: now, output: &output)
        }
    }
}

extension XenonPhone {
    var eventOrder: XenonOrder { XenonOrder(kind: "phone", name: udid, number: order) }
}

extension EventWriter {
    mutating func null(_ name: StaticString) {
        member(name, rendered: ByteBuffer(string: "null"))
    }

    /// A time in ISO 8601, or null.
    mutating func member(_ name: StaticString, time milliseconds: Int64?) {
        guard let milliseconds else { return null(name) }
        member(name, string: ISOTime.text(milliseconds))
    }
}

import NIOCore

// The events of sessions, with the members of the system's page "Real-time events".
extension XenonDialect {
    /// Sends an event of the session on a phone, with its number in it.
    private mutating func sendOfSession(
        _ event: XenonEvent,
        _ place: Int,
        mayWait: Bool = false,
        at now: NIODeadline,
        output: inout DialectOutput,
        _ write: (inout EventWriter, XenonPhone, XenonSession) -> Void
    ) {
        let phone = phones[place]
        guard let session = phone.session else { return }
        let isFirst = event == .sessionStarted
        if !isFirst { phones[place].session?.sequence += 1 }
        broadcast(
            event,
            phone.eventOrder,
            sequence: isFirst ? nil : session.sequence,
            mayWait: mayWait,
            at: now,
            output: &output
        ) { write(&$0, phone, session) }
    }

    mutating func sendStarted(_ place: Int, at now: NIODeadline, output: inout DialectOutput) {
        sendOfSession(.sessionStarted, place, at: now, output: &output) { event, phone, session in
            event.member("id", string: session.id)
            event.member("name", prefix: "checkout #", number: session.build)
            event.member("build_name", prefix: "build-", number: session.build)
            event.member("status", "running")
            event.member("device_udid", string: phone.udid)
            event.member("device_name", string: phone.name)
            event.member("device_platform", phone.platform)
            event.member("device_version", phone.version)
            event.member("node_id", string: phone.host)
            event.member("video_recording_enabled", session.recording != nil)
        }
    }

    mutating func sendStopped(
        _ place: Int,
        failure: StaticString?,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        sendOfSession(.sessionStopped, place, at: now, output: &output) { event, _, session in
            event.member("id", string: session.id)
            event.member("status", failure == nil ? "success" : "failed")
            if let failure { event.member("failure_reason", failure) } else { event.null("failure_reason") }
        }
    }

    mutating func sendCommand(_ place: Int, healed: Int?, at now: NIODeadline, output: inout DialectOutput) {
        let selector = healed.map { selectors[$0] }
        let duration = random.within(20...400)
        let mayWait = (phones[place].session?.commands ?? 0) > 0
        sendOfSession(.sessionCommand, place, mayWait: mayWait, at: now, output: &output) { event, _, session in
            event.member("session_id", string: session.id)
            event.member("command_name", selector == nil ? "click" : "findElement")
            event.member("method", "POST")
            event.member("is_success", true)
            event.member("is_error", false)
            event.member("duration", duration)
            event.member("is_healed", selector != nil)
            guard let selector else { return }
            event.member("original_strategy", selector.strategy)
            event.member("original_selector", string: selector.selector)
            event.member("healed_strategy", "id")
            event.member("healed_selector", "button")
            event.member("healing_confidence", rendered: ByteBuffer(string: "0.9"))
            event.member("healing_tier", 2)
        }
    }

    mutating func sendHeal(_ place: Int, healed: Int, at now: NIODeadline, output: inout DialectOutput) {
        let selector = selectors[healed]
        let id = random.uuid()
        let tier = random.within(1...5)
        let time = clock.milliseconds(at: now)
        let mayWait = (phones[place].session?.commands ?? 0) > 0
        sendOfSession(.healingEvent, place, mayWait: mayWait, at: now, output: &output) { event, phone, session in
            event.member("id", string: id)
            event.member("sessionId", string: session.id)
            event.member("deviceUdid", string: phone.udid)
            event.member("deviceName", string: phone.name)
            event.member("devicePlatform", phone.platform)
            event.member("commandName", "findElement")
            event.member("strategy", selector.strategy)
            event.member("selector", string: selector.selector)
            event.member("originalSelector", string: selector.selector)
            event.member("healedSelector", "button")
            event.member("confidence", rendered: ByteBuffer(string: "0.9"))
            event.member("tier", tier)
            event.member("isSuccess", true)
            event.member("createdAt", time: time)
        }
    }

    mutating func sendIntercepted(
        _ event: XenonEvent,
        _ place: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        let isStart = event == .interceptorSessionStarted
        sendOfSession(event, place, mayWait: isStart, at: now, output: &output) { event, phone, session in
            event.member("sessionId", string: session.id)
            guard isStart else { return }
            event.member("host", string: phone.host)
            event.member("port", 8890)
        }
    }

    mutating func sendRequest(_ place: Int, at now: NIODeadline, output: inout DialectOutput) {
        let id = random.uuid()
        let fails = random.below(20) == 0
        let duration = random.within(5...900)
        let time = clock.milliseconds(at: now)
        let mayWait = (phones[place].session?.commands ?? 0) > 0
        sendOfSession(.interceptorRequest, place, mayWait: mayWait, at: now, output: &output) { event, _, session in
            event.member("id", string: id)
            event.member("sessionId", string: session.id)
            event.member("ts", Int(time))
            event.member("method", "GET")
            event.member("url", "https://shop.example/api/basket")
            event.member("host", "shop.example")
            event.member("path", "/api/basket")
            event.beginObject("reqHeaders")
            event.member("accept", "application/json")
            event.endObject()
            event.null("reqBody")
            event.member("resStatus", fails ? -1 : 200)
            event.beginObject("resHeaders")
            if !fails { event.member("content-type", "application/json") }
            event.endObject()
            if fails { event.null("resBody") } else { event.member("resBody", "{\\\"items\\\":3}") }
            event.member("durationMs", duration)
            event.member("mocked", false)
            event.member("modified", false)
            event.null("mockId")
            event.member("commandHint", "click")
            event.member("failed", fails)
            if fails { event.member("failureReason", "connection reset") }
        }
    }
}

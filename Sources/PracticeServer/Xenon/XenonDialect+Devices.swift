import NIOCore

// The events of phones and recordings, which only the current server has.
extension XenonDialect {
    mutating func sendAdded(_ phone: XenonPhone, at now: NIODeadline, output: inout DialectOutput) {
        broadcast(.deviceAdded, phone.eventOrder, at: now, output: &output) { event in
            event.member("udid", string: phone.udid)
            event.member("name", string: phone.name)
            event.member("platform", phone.platform)
            event.member("sdk", phone.version)
            event.member("host", string: phone.host)
            event.member("busy", false)
            event.null("teamId")
        }
    }

    mutating func sendDevice(
        _ event: XenonEvent,
        _ phone: XenonPhone,
        at now: NIODeadline,
        output: inout DialectOutput,
        _ write: (inout EventWriter) -> Void = { _ in }
    ) {
        broadcast(event, phone.eventOrder, at: now, output: &output) { event in
            event.member("udid", string: phone.udid)
            event.member("host", string: phone.host)
            write(&event)
        }
    }

    /// A phone is taken by a session, step by step.
    mutating func block(_ place: Int, _ session: String, at now: NIODeadline, output: inout DialectOutput) {
        let phone = phones[place]
        sendDevice(.deviceBlocked, phone, at: now, output: &output) { $0.member("session_id", string: session) }
        let progress: [StaticString] = ["Allocating node resources...", ""]
        for text in progress {
            sendDevice(.deviceProgress, phone, at: now, output: &output) { $0.member("progress", text) }
        }
    }

    mutating func unblock(_ place: Int, at now: NIODeadline, output: inout DialectOutput) {
        sendDevice(.deviceUnblocked, phones[place], at: now, output: &output)
    }

    mutating func sendBugReport(
        _ place: Int,
        _ session: String,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        broadcast(.bugReportGenerated, phones[place].eventOrder, at: now, output: &output) { event in
            event.member("sessionId", string: session)
            event.member("mode", "full")
            event.member("durationMs", 840)
            event.beginArray("warnings")
            event.endArray()
        }
    }

    mutating func sendRecording(
        _ kind: XenonEvent,
        _ place: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        let phone = phones[place]
        guard let recording = phone.session?.recording else { return }
        let duration = Int(clock.milliseconds(at: now) - recording.startedAt)
        broadcast(kind, phone.eventOrder, at: now, output: &output) { event in
            event.member("groupId", string: recording.group)
            switch kind {
            case .recordingFailed:
                event.member("recordingId", string: recording.id)
                event.member("udid", string: phone.udid)
                event.member("reason", "encoder stopped")
            case .recordingBookmarkAdded, .recordingAnnotationAdded:
                event.beginObject(kind == .recordingBookmarkAdded ? "bookmark" : "annotation")
                event.member("recordingId", string: recording.id)
                event.member("atMs", duration)
                event.member("label", "look here")
                event.endObject()
            default:
                event.beginArray("recordings")
                event.beginObject()
                event.member("id", string: recording.id)
                event.member("udid", string: phone.udid)
                if kind == .recordingStopped {
                    event.member("status", "COMPLETED")
                    event.member("durationMs", duration)
                    event.member("sizeBytes", duration * 250)
                }
                event.endObject()
                event.endArray()
                if kind == .recordingStarted { event.member("startedAt", time: recording.startedAt) }
            }
        }
    }
}

import NIOCore

extension ElizaOSDialect {
    /// The agent of every channel.
    static var agentName: String { "Practice Agent" }
    static var agentID: String { "b850bc30-45f8-0041-a00a-83df46d8555d" }

    mutating func subscribeLogs(_ socket: SocketID, at now: NIODeadline, output: inout DialectOutput) -> EventReply {
        log.subscribe(socket)
        output.send(.logSubscriptionConfirmed, to: socket) {
            $0.member("subscribed", true)
            $0.member("message", "Successfully subscribed to log stream")
        }
        record(.info, "Client subscribed to log stream", at: now, output: &output)
        return .accepted
    }

    mutating func unsubscribeLogs(_ socket: SocketID, at now: NIODeadline, output: inout DialectOutput) -> EventReply {
        log.unsubscribe(socket)
        output.send(.logSubscriptionConfirmed, to: socket) {
            $0.member("subscribed", false)
            $0.member("message", "Successfully unsubscribed from log stream")
        }
        record(.info, "Client unsubscribed from log stream", at: now, output: &output)
        return .accepted
    }

    mutating func filterLogs(
        _ filters: JSONPayload,
        _ socket: SocketID,
        output: inout DialectOutput
    ) -> EventReply {
        let follower = log.filter(socket, agentName: filters.string("agentName"), level: filters.string("level"))
        output.send(.logFiltersUpdated, to: socket) {
            $0.member("success", follower != nil)
            guard let follower else { return $0.member("error", "Not subscribed to log stream") }
            $0.beginObject("filters")
            if let name = follower.agentName { $0.member("agentName", string: name) }
            if let level = follower.level { $0.member("level", string: level) }
            $0.endObject()
        }
        return follower == nil ? .rejected("not subscribed") : .accepted
    }

    /// Writes a line into the log: sends it to who wants it.
    ///
    /// - Parameters:
    ///   - message: Composed only where somebody follows.
    ///   - isAgent: Whether the agent says it.
    func record(
        _ level: ElizaOSLog.Level,
        _ message: @autoclosure () -> String,
        isAgent: Bool = false,
        channel: String? = nil,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard !log.followers.isEmpty else { return }
        let line = ElizaOSEvent.logStream.message { event in
            event.member("type", "log_entry")
            event.beginObject("payload")
            event.member("level", level.rawValue)
            event.member("time", Int(clock.milliseconds(at: now)))
            event.member("msg", string: message())
            if isAgent {
                event.member("agentId", string: Self.agentID)
                event.member("agentName", string: Self.agentName)
            }
            if let channel { event.member("channelId", string: channel) }
            event.endObject()
        }
        for follower in log.followers where follower.wants(level, agentName: isAgent ? Self.agentName : nil) {
            output.actions.append(.send(follower.socket, event: ElizaOSEvent.logStream.rawValue, message: line))
        }
    }
}

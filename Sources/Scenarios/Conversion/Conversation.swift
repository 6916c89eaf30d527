import Wire

/// What one client and a server said to each other.
struct Conversation: Hashable {
    var messageProtocol: Target.MessageProtocol
    /// The namespace that events without another one belong to.
    var namespace = "/"
    var envelope: EnvelopeGuess?
    var heartbeat: HeartbeatGuess?
    /// Whether it began with polling, and whether it went on to a WebSocket.
    var transports: [RecordedTransport] = []
    /// In order of time.
    var turns: [Turn] = []

    /// How long it took, in milliseconds.
    var length: Double { (turns.last?.time ?? 0) - (turns.first?.time ?? 0) }
}

/// How events are framed on a plain WebSocket.
///
/// What an `emit` sends is in its `Emit.message`: the reader has put the event and its data into the envelope's `send`.
package struct Envelope: Sendable {
    /// Where a received message says what event it is; roots are the whole message.
    package var event: MessagePaths?
    /// For messages that do not say it, in order: the first that fits names the event.
    package var rules: [Rule]
    /// Where a received message's data stands; nil: it is the whole message.
    package var data: MessagePaths?

    /// A message that has all of these places is this event.
    package struct Rule: Sendable {
        package var has: [MessagePaths]
        package var event: String
    }
}

/// What keeps a plain WebSocket alive.
package struct Heartbeat: Sendable {
    /// What the client itself sends on a fixed grid; nil where it asks nothing.
    package var asking: Asking?
    /// What the client answers with when the server asks; these messages go to no step and no handler.
    package var answers: [Answer]

    package struct Asking: Sendable {
        package var every: Duration
        package var question: Question
        /// An answer that takes longer is missed.
        package var within: Duration
    }

    package enum Question: Sendable {
        /// A ping frame, which a pong frame answers.
        case ping
        /// A message, and the event that answers it.
        case message(Send, answer: EventMatch)
    }

    package struct Answer: Sendable {
        package var event: EventID
        /// What the message has to be like besides; without an envelope it is known by its text.
        package var condition: MessageCondition?
        package var reply: Send
    }
}

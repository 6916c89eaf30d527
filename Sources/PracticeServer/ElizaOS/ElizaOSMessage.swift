import NIOCore
import Wire

/// A message of a channel.
struct ElizaOSMessage {
    var id: String
    var senderID: String
    var senderName: String
    /// A string of JSON, as it came.
    var text: ByteBuffer
    /// Milliseconds since 1970.
    var createdAt: Int64
    /// A string of JSON.
    var source: ByteBuffer
    /// A list of JSON.
    var attachments = ByteBuffer(string: "[]")
    /// An object of JSON.
    var metadata = ByteBuffer(string: "{}")
    /// What only an agent's message has.
    var agent: AgentPart?

    struct AgentPart {
        /// The id of the message that it answers.
        var inReplyTo: String
        var action: StaticString = "REPLY"
    }

    /// What the order of deliveries is checked within: the sender.
    var order: Int { Int(truncatingIfNeeded: stableHash(senderID)) }

    /// A `messageBroadcast` of this message.
    ///
    /// - Parameters:
    ///   - clientMessageID: A value of JSON, for the sender alone.
    func broadcast(
        in channel: ElizaOSChannel,
        _ rules: ElizaOSRules,
        clientMessageID: ByteBuffer? = nil
    ) -> ByteBuffer {
        ElizaOSEvent.messageBroadcast.message(capacity: 512 + text.readableBytes) { event in
            event.member("id", string: id)
            event.member("senderId", string: senderID)
            event.member("senderName", string: senderName)
            event.member("text", rendered: text)
            event.member("channelId", string: channel.id)
            event.member("roomId", string: channel.id)
            event.member(rules.serverKey, string: ElizaOSChannel.serverID)
            event.member("createdAt", Int(createdAt))
            event.member("source", rendered: source)
            event.member("attachments", rendered: attachments)
            if rules.isCurrent { event.member("metadata", rendered: metadata) }
            if let clientMessageID { event.member("clientMessageId", rendered: clientMessageID) }
            guard let agent else { return }
            event.member("thought", "The user wants an answer; a short one will do.")
            event.beginArray("actions")
            event.element(agent.action)
            event.endArray()
            event.member("prompt", "# Task: Generate an answer to the last message.")
            event.member("inReplyTo", string: agent.inReplyTo)
        }
    }
}

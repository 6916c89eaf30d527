import NIOCore
import Wire

extension ElizaOSDialect {
    /// Takes a message: keeps it, sends it to all members, acknowledges it, and lets the agent answer.
    mutating func submit(
        _ payload: JSONPayload,
        _ socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> EventReply {
        let channelID = payload.string("channelId") ?? payload.string("roomId") ?? ""
        if let problem = problem(with: payload, channelID) {
            return refuse(problem, socket, at: now, output: &output)
        }
        if let limit = rules.messageRate, faults.keepsLimits,
            clients[socket]?.admitsMessage(limit: limit, at: now) != true
        {
            return refuse("Rate limit exceeded", socket, at: now, output: &output)
        }
        let text = payload.string("message") ?? ""
        let fails = text.hasPrefix("/fail")
        if fails, !rules.isCurrent {
            return refuse("Error processing your message: it was to fail", socket, at: now, output: &output)
        }
        let place = place(of: channelID)
        guard let channel = channels[place] else { return .rejected("no channel") }
        var random = SplitMix64(seed, stableHash(channelID), channel.stored &* 2)
        let message = ElizaOSMessage(
            id: random.uuid(),
            senderID: payload.string("senderId") ?? "",
            senderName: payload.string("senderName") ?? "User",
            text: payload.member("message")?.text ?? ByteBuffer(string: #""""#),
            createdAt: clock.milliseconds(at: now),
            source: part("source", .string, of: payload) ?? ByteBuffer(string: #""socketio_client""#),
            attachments: part("attachments", .array, of: payload) ?? ByteBuffer(string: "[]"),
            metadata: part("metadata", .object, of: payload) ?? ByteBuffer(string: "{}")
        )
        let clientMessageID = payload.member("messageId")?.text
        broadcast(message, in: place, sender: socket, clientMessageID, at: now, output: &output)
        output.send(.messageAck, to: socket) {
            if let clientMessageID { $0.member("clientMessageId", rendered: clientMessageID) }
            $0.member("messageId", string: message.id)
            $0.member("status", "received_by_server_and_processing")
            $0.member("channelId", string: channelID)
            $0.member("roomId", string: channelID)
        }
        record(.info, "Message \(message.id) processed", channel: channelID, at: now, output: &output)
        let acts = text.hasPrefix("/act")
        ask(message.id, in: place, acts: acts, fails: fails, at: now, output: &output)
        return .accepted
    }

    /// Keeps a message and sends it to all members of its channel.
    mutating func broadcast(
        _ message: ElizaOSMessage,
        in place: Int,
        sender: SocketID? = nil,
        _ clientMessageID: ByteBuffer? = nil,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        channels[place]?.keep(message)
        guard let channel = channels[place], !channel.members.isEmpty else { return }
        let copy = message.broadcast(in: channel, rules)
        for member in channel.members {
            var delivery = DeliveryFaults.Delivery(
                member: member,
                event: ElizaOSEvent.messageBroadcast.rawValue,
                message: copy,
                order: message.order
            )
            if rules.isCurrent, member == sender {
                delivery.message = message.broadcast(in: channel, rules, clientMessageID: clientMessageID)
            }
            if channel.isDirect {
                output.actions.append(.send(member, event: delivery.event, message: delivery.message))
            } else {
                deliveries.deliver(delivery, at: now, output: &output)
            }
        }
    }

    /// What is wrong with a message; nil where nothing is.
    private func problem(with payload: JSONPayload, _ channelID: String) -> String? {
        guard !channelID.isEmpty else { return missing }
        guard isUUID(channelID) else { return "Invalid channel ID" }
        guard let sender = payload.string("senderId"), isUUID(sender),
            let serverID = payload.string(rules.serverKey), isUUID(serverID),
            payload.string("message")?.isEmpty == false
        else { return missing }
        guard serverID == ElizaOSChannel.serverID else { return "Server \(serverID) does not exist" }
        return nil
    }

    private var missing: String {
        rules.isCurrent
            ? "For SEND_MESSAGE: channelId, messageServerId (message_server_id), senderId (author_id), and message are required."
            : "For SEND_MESSAGE: channelId, serverId (server_id), senderId (author_id), and message are required."
    }

    /// A member as it was written, where it is of this kind.
    private func part(_ name: StaticString, _ kind: JSONSlice.Kind, of payload: JSONPayload) -> ByteBuffer? {
        guard payload.kind(name) == kind else { return nil }
        return payload.member(name)?.text
    }
}

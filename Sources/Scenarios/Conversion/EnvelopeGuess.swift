import Wire

/// How the messages of a plain WebSocket seem to be framed.
struct EnvelopeGuess: Hashable {
    /// The member that names the event.
    var event: String
    /// The member that holds the data of received messages; nil where all of the message is its data.
    var data: String?
    /// What the client sends, as a template; nil where its messages do not have one form.
    var send: [JSONValue.Member]?

    private static let eventNames = [
        "type", "event", "kind", "op", "action", "method", "messageType", "message_type", "msg_type", "name", "topic",
        "cmd", "command",
    ]
    private static let dataNames = ["payload", "data", "body", "params", "d", "args", "detail", "content"]

    init?(_ turns: [Turn], epoch: Double?) {
        let received = turns.compactMap { $0.received?.whole?.members }
        let sent = turns.compactMap(\.sent).filter(\.binary.isEmpty).map { $0.whole?.members }
        let all = received + sent.compactMap(\.self)
        guard
            let event = Self.eventNames.first(where: { name in
                Self.most(of: all) { $0.first { $0.name == name }?.value.textValue?.isEmpty == false }
            })
        else { return nil }
        self.event = event
        data = Self.dataName(in: received, beside: event)
        let objects = sent.compactMap(\.self)
        if !objects.isEmpty, objects.count == sent.count { send = Self.send(objects, event, epoch) }
    }

    private static func dataName(in messages: [[JSONValue.Member]], beside event: String) -> String? {
        dataNames.first { name in
            name != event && most(of: messages) { $0.first { $0.name == name }.map { !$0.value.isScalar } ?? false }
        }
    }

    private static func most<Element>(of list: [Element], _ holds: (Element) -> Bool) -> Bool {
        !list.isEmpty && list.count(where: holds) * 5 >= list.count * 4
    }

    /// The one form of all these messages.
    private static func send(
        _ messages: [[JSONValue.Member]],
        _ event: String,
        _ epoch: Double?
    ) -> [JSONValue.Member]? {
        guard let longest = messages.max(by: { $0.count < $1.count }) else { return nil }
        let data = dataNames.first { name in
            name != event && messages.contains { $0.contains { $0.name == name && !$0.value.isScalar } }
        }
        var template: [JSONValue.Member] = []
        for name in longest.map(\.name) {
            let values = messages.map { message in message.first { $0.name == name }?.value }
            if name == event {
                template.append(.init(name, .string("${emit}")))
            } else if name == data {
                template.append(.init(name, .string("${data}")))
            } else if let value = same(values, epoch) {
                template.append(.init(name, value))
            } else {
                return nil
            }
        }
        let names = Set(template.map(\.name))
        let fits = messages.allSatisfy { message in
            message.allSatisfy { names.contains($0.name) }
                && message.contains { $0.name == event && $0.value.textValue != nil }
        }
        return fits ? template : nil
    }

    private static func same(_ values: [JSONValue?], _ epoch: Double?) -> JSONValue? {
        let present = values.compactMap(\.self)
        guard present.count == values.count, let first = present.first else { return nil }
        let texts = present.compactMap(\.textValue)
        if texts.count == present.count, Set(texts).count == texts.count,
            texts.allSatisfy({ UUIDText.firstRange(in: $0).map { $0.upperBound } != nil && $0.utf8.count == 36 })
        {
            return .string("${uuid()}")
        }
        if present.allSatisfy({ Identity.time($0, near: epoch) != nil }) {
            return .string(first.textValue == nil ? "${now()}" : "${iso()}")
        }
        guard first.isScalar, present.allSatisfy({ $0 == first }), first.textValue?.contains("«redacted") != true else {
            return nil
        }
        return first.textValue.map { .string(Correlator.escaped($0)) } ?? first
    }

    /// The same message with its event and its data.
    func read(_ said: Said, isSent: Bool) -> Said {
        guard let whole = said.whole, let name = whole[event]?.textValue, !name.isEmpty else { return said }
        var said = said
        if isSent {
            guard let send else { return said }
            said.event = name
            let member = send.first { $0.value == .string("${data}") }?.name
            said.arguments = member.flatMap { whole[$0] }.map { [$0] } ?? []
        } else {
            said.event = name
            said.arguments = [data.map { whole[$0] ?? .null } ?? whole]
        }
        return said
    }
}

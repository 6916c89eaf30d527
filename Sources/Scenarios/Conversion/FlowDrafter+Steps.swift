import NIOCore
import Wire

extension FlowDrafter {
    mutating func draft(_ place: Int) {
        switch beats[place] {
        case .turn(let turn): draft(turns[turn], turn, place)
        case .stream(let stream): draft(stream, place)
        case .plan(let plan): draft(plan, place)
        }
    }

    mutating func add(_ place: Int, _ members: [JSONValue.Member], _ comments: [String] = []) {
        steps[place].append(StepDraft(members, comments: comments))
    }

    mutating func think(_ place: Int, before time: Double) {
        add(place, [.init("think", .time(RoundTime.think(time - quietSince)))])
        quietSince = max(quietSince, time)
    }

    mutating func draft(_ turn: Turn, _ number: Int, _ place: Int) {
        switch turn.act {
        case .connect(let opening, let auth):
            if connects > 0 { think(place, before: turn.time) } else { connect(opening, auth, place, turn.time) }
            connects += 1
            steps[place].append(StepDraft(.string("connect")))
        case .sent(let said):
            think(place, before: turn.time)
            send(said, number, place, turn.time)
        case .request(let exchange):
            think(place, before: turn.time)
            request(exchange, place, turn.time)
        case .acknowledge(_, let arguments, let binary):
            let filled = arguments.map {
                correlator.template($0, source: "acknowledge", beat: place, time: turn.time)
            }
            add(place, [.init("acknowledge", .null)] + Self.arguments(filled, single: nil) + self.binary(binary))
        case .received(let said): receive(said, place)
        case .acknowledged: break
        case .disconnect:
            think(place, before: turn.time)
            steps[place].append(StepDraft(.string("disconnect")))
        case .closed(let code):
            add(place, [.init("await", .string("closed"))], ["the server closed the connection with the code \(code)"])
        case .refused(let status):
            let said = status.map { " with the status \($0)" } ?? ""
            add(place, [.init("await", .string("refused"))], ["the server turned the connection down\(said)"])
        }
        quietSince = max(quietSince, turn.time)
    }

    mutating func connect(_ opening: RecordedOpening, _ auth: JSONValue?, _ place: Int, _ time: Double) {
        let path = QueryText.path(opening.path)
        group.path = PercentText.path(path.hasPrefix("/") ? path : "/\(path)")
        let isSocketIO = conversation.messageProtocol == .socketIO
        for parameter in QueryText.parameters(ofPath: opening.path)
        where !isSocketIO || !["EIO", "transport", "sid", "t"].contains(parameter.name) {
            let value = correlator.template(
                .string(parameter.value),
                source: "connect",
                path: [parameter.name],
                beat: place,
                time: time,
                inTarget: true
            )
            group.query.append(.init(parameter.name, value))
        }
        if group.query.unique.count < group.query.count {
            warnings.append("parameters of the address that come several times are left out but for the last")
            group.query = group.query.unique
        }
        for header in opening.requestHeaders.kept {
            let value = correlator.template(
                .string(header.value),
                source: "connect",
                path: [header.name],
                beat: place,
                time: time,
                inTarget: true
            )
            group.headers.append(.init(header.name, value))
        }
        if let offered = opening.requestHeaders.first(named: "Sec-WebSocket-Protocol"), !isSocketIO {
            group.subprotocols = offered.split(separator: ",").map { String($0.drop { $0 == " " }) }
        }
        group.auth = auth.map {
            correlator.template($0, source: "connect", beat: place, time: time, inTarget: true)
        }
    }

    mutating func send(_ said: Said, _ number: Int, _ place: Int, _ time: Double) {
        sentID = said.event == nil ? nil : envelopeID(said)
        guard let event = said.event else {
            if !said.binary.isEmpty { return add(place, [.init("send", .null)] + binary(said.binary)) }
            let value = correlator.template(said.whole ?? said.data, source: "send", beat: place, time: time)
            return add(place, [.init("send", value)])
        }
        let arguments = said.arguments.enumerated().map { index, argument in
            correlator.template(
                argument,
                source: event,
                path: index == 0 ? [] : ["args", "\(index)"],
                beat: place,
                time: time
            )
        }
        var members = [JSONValue.Member("emit", .string(event))] + Self.arguments(arguments, single: "data")
        members += binary(said.binary)
        if said.asksForAcknowledgement { members.append(.init("ack", acknowledgement(number, event, place))) }
        add(place, members)
    }

    /// `ack:`; what came back is registered.
    mutating func acknowledgement(_ number: Int, _ event: String, _ place: Int) -> JSONValue {
        if let answer = answers[number], case .acknowledged(_, let arguments) = turns[answer].act {
            let turn = turns[answer]
            quietSince = max(quietSince, turn.time)
            for (index, argument) in arguments.enumerated() {
                correlator.register(
                    argument,
                    source: "\(event) (ack)",
                    prefix: index == 0 ? [] : ["args", "\(index)"],
                    beat: place
                )
            }
            let wait = RoundTime.within(turn.time - turns[number].time) ?? 10_000
            return .object([.init("within", .time(wait))])
        }
        return .object([.init("within", .time(10_000))])
    }

    /// `binary:`, where there is something for it.
    mutating func binary(_ binary: [ByteBuffer]) -> [JSONValue.Member] {
        let names = binary.map { JSONValue.string(files.name(of: $0)) }
        return names.isEmpty ? [] : [.init("binary", names.count == 1 ? names[0] : .array(names))]
    }

    /// The id that the envelope gives each message that is sent.
    func envelopeID(_ said: Said) -> JSONValue? {
        let name = conversation.envelope?.send?.first { $0.value == .string("${uuid()}") }?.name
        return name.flatMap { said.whole?[$0] }
    }

    static func arguments(_ arguments: [JSONValue], single: String?) -> [JSONValue.Member] {
        if arguments.isEmpty { return [] }
        if arguments.count == 1, let single { return [.init(single, arguments[0])] }
        return [.init("args", .array(arguments))]
    }

    mutating func request(_ exchange: RecordedExchange, _ place: Int, _ time: Double) {
        guard StepReader.methods.contains(exchange.method) else {
            warnings.append("requests with the method \(exchange.method.prefix(20)) are left out")
            return
        }
        // What names one thing is no part of what is asked for: /api/orders/81a2… is the same for all orders.
        let parts = exchange.pathParts.map { Identity.isPeculiar($0) ? "*" : $0 }
        let source = "\(exchange.method) /\(parts.joined(separator: "/"))"
        let path = correlator.template(.string(exchange.path), source: source, path: ["url"], beat: place, time: time)
        var members = [JSONValue.Member("http", .string("\(exchange.method) \(path.textValue ?? exchange.path)"))]
        if let body = exchange.requestJSON {
            members.append(
                .init("json", correlator.template(body, source: source, beat: place, time: time))
            )
        } else if exchange.requestBody?.text.isEmpty == false {
            warnings.append("the body of \(source) is no JSON and left out")
        }
        var headers: [JSONValue.Member] = []
        for header in exchange.requestHeaders.kept where !["origin", "cookie"].contains(header.name.lowercased()) {
            let value = correlator.template(
                .string(header.value),
                source: source,
                path: [header.name],
                beat: place,
                time: time
            )
            headers.append(.init(header.name, value))
        }
        if !headers.isEmpty { members.append(.init("headers", .object(headers))) }
        if let status = exchange.status, (100...599).contains(status) {
            members.append(.init("expect", .integer(status)))
        }
        if let wait = exchange.duration.flatMap({ RoundTime.within($0.milliseconds) }) {
            members.append(.init("within", .time(wait)))
        }
        let last = QueryText.path(exchange.path).split(separator: "/").last { !$0.contains { $0.isNumber } }
        members.append(
            .init("measure", .string(names.claim(ScenarioNames.metric(last.map(String.init) ?? "request"), .time)))
        )
        add(place, members)
        if let answer = exchange.responseJSON { correlator.register(answer, source: source, beat: place) }
        quietSince = max(quietSince, time + (exchange.duration?.milliseconds ?? 0))
        sentID = nil
    }

    mutating func receive(_ said: Said, _ place: Int) {
        let event = Self.eventName(said)
        var members = [JSONValue.Member("await", .string(event))]
        let conditions = conditions(said, place)
        if !conditions.isEmpty { members.append(.init("where", .object(conditions))) }
        if let within = within(event) { members.append(.init("within", within)) }
        if isFirstAnswer(place) {
            let name = said.event == nil ? "answer" : event
            members.append(.init("measure", .string(names.claim(ScenarioNames.metric(name), .time))))
        }
        add(place, members)
        register(said, place)
    }

    /// What the server said is known from here on.
    mutating func register(_ said: Said, _ place: Int) {
        for (index, argument) in said.arguments.enumerated() {
            let prefix = index > 0 || argument.isScalar ? ["args", "\(index)"] : []
            correlator.register(argument, source: Self.eventName(said), prefix: prefix, beat: place)
        }
    }

    /// Whether the client did something right before this beat.
    func isFirstAnswer(_ place: Int) -> Bool {
        guard place > 0, case .turn(let turn) = beats[place - 1] else { return false }
        return turns[turn].isClients
    }

    /// What tells this message from others of its kind: values that were said before.
    mutating func conditions(_ said: Said, _ place: Int) -> [JSONValue.Member] {
        var conditions: [JSONValue.Member] = []
        if let whole = said.whole, let sentID {
            let id = Self.idName(conversation) ?? "id"
            for member in (whole.members ?? []).unique
            where member.value == sentID && PathNames.canSay([member.name, id]) {
                conditions.append(.init("$.\(member.name)", .string("${sent.$.\(id)}")))
            }
        }
        for leaf in said.data.leaves where leaf.path.count <= 2 && conditions.count < 2 && !leaf.path.isEmpty {
            guard leaf.path.allSatisfy({ Int($0) == nil }), PathNames.canSay(leaf.path),
                Identity.isIdentifying(leaf.value, leaf.path.last ?? ""),
                let known = correlator.knows(leaf.value), known.beat < place || known.isClients,
                let template = correlator.use(leaf.value),
                !conditions.contains(where: { $0.value == .string(template) })
            else { continue }
            conditions.append(.init(leaf.path.joined(separator: "."), .string(template)))
        }
        return conditions
    }

    static func idName(_ conversation: Conversation) -> String? {
        conversation.envelope?.send?.first { $0.value == .string("${uuid()}") }?.name
    }
}

import NIOCore
import Testing
import Wire

@testable import Scenarios

@Suite("Rooms and fan-out")
struct RoomsTests {
    private static let three = "rooms: { count: 3 }"

    /// The steps of the handler of `message`.
    private func handler(_ steps: String, top: String = three) throws -> [Step] {
        try #require(
            try read(scenario(flow: "- connect", top: top + "\non: { message: \(steps) }")).groups[0].handlers.first
        )
        .steps
    }

    private func fanOut(_ steps: String, top: String = three) throws -> FanOut {
        guard case .fanout(let fanOut) = try #require(try handler(steps, top: top).first).action else {
            throw Unexpected()
        }
        return fanOut
    }

    private struct Unexpected: Error {}

    /// A room as its template gives it; nil for the assigned one.
    private func name(_ room: RoomName?) throws -> String? {
        guard case .template(let template)? = room else { return nil }
        var values = clientValues(try read(scenario(flow: "- connect")).groups[0])
        return template.text(&values, event: nil)
    }

    // MARK: rooms

    @Test(
        "a number of rooms and how clients get theirs",
        arguments: [
            ("{ count: 1 }", Rooms(count: 1, assignment: .roundRobin)),
            ("{ count: 100000, assign: round-robin }", Rooms(count: 100_000, assignment: .roundRobin)),
            ("{ count: 7, assign: random }", Rooms(count: 7, assignment: .random)),
            ("{ count: 7, assign: zipf }", Rooms(count: 7, assignment: .zipf)),
        ]
    )
    func rooms(text: String, rooms: Rooms) throws {
        #expect(try read(scenario(flow: "- connect", top: "rooms: \(text)")).rooms == rooms)
    }

    @Test(
        "what it cannot be",
        arguments: [
            ("rooms: 3", Diagnostic.Code.wrongType), ("rooms: {}", .missing), ("rooms: { assign: random }", .missing),
            ("rooms: { count: 0 }", .badValue), ("rooms: { count: -1 }", .badValue),
            ("rooms: { count: 100001 }", .badValue), ("rooms: { count: many }", .badValue),
            ("rooms: { count: 1.5 }", .badValue), ("rooms: { count: 2, assign: zip }", .badValue),
            ("rooms: { count: 2, assign: 1 }", .badValue), ("rooms: { count: 2, size: 1 }", .unknownKey),
        ] as [(String, Diagnostic.Code)]
    )
    func faults(top: String, code: Diagnostic.Code) {
        #expect(problems(flow: "- connect", top: top).map(\.code) == [code])
    }

    @Test("names depend on the seed alone, and are UUIDs of their own")
    func names() {
        let rooms = Rooms(count: 50, assignment: .random)
        let names = rooms.names(seed: 4)
        #expect(Set(names).count == 50)
        #expect(
            names.allSatisfy {
                $0.wholeMatch(of: #/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/#) != nil
            }
        )
        #expect(Rooms(count: 20, assignment: .zipf).names(seed: 4) == Array(names.prefix(20)))
        #expect(Set(rooms.names(seed: 5)).isDisjoint(with: names))
    }

    // MARK: Templates

    @Test("templates, conditions and variables read the client's room")
    func reading() throws {
        let top = Self.three + "\nvars: { mine: \"${room.id}\" }"
        let flow = """
            - emit: join
              data: { id: "${room.id}", n: "${room.index}", text: "in ${room.id}" }
            - when: room.index > 1
              flow: { emit: other }
            """
        let group = try read(scenario(flow: flow, top: top)).groups[0]
        #expect(!group.usesRooms)
        var values = clientValues(group)
        values.room = (2, "abc")
        guard case .emit(let emit) = group.flow[0].action, case .when(let when) = group.flow[1].action else {
            throw Unexpected()
        }
        #expect(emit.arguments[0].rendered(&values) == #"{"id":"abc","n":2,"text":"in abc"}"#)
        #expect(when.condition.holds(&values, event: nil))
        #expect(group.variables[0].value.value(&values, event: nil) == .string("abc"))
    }

    @Test(
        "what is no room's",
        arguments: [
            ("", "${room.id}", "the scenario has no 'rooms'", "write rooms: { count: 100 } at the top"),
            ("", "${stamp(room.id)}", "the scenario has no 'rooms'", "write rooms: { count: 100 } at the top"),
            (three, "${room.name}", "'room.name' is unknown", "a room has 'room.id' and 'room.index'"),
            (three, "${room}", "'room' is unknown", "a room has 'room.id' and 'room.index'"),
            (three, "${room.id.x}", "'room.id.x' is unknown", "a room has 'room.id' and 'room.index'"),
            (three, "${rom.id}", "there is no variable 'rom'", nil),
            (three, "${stamp()}", "stamp() takes one argument, not 0", nil),
            (three, "${stamp(room.id, 2)}", "stamp() takes one argument, not 2", nil),
            (three, "${stam(room.id)}", "there is no function 'stam'", "did you mean 'stamp'?"),
        ] as [(String, String, String, String?)]
    )
    func unknown(top: String, template: String, message: String, help: String?) {
        let diagnostics = problems(flow: "- emit: a\n  data: \(template)", top: top)
        #expect(diagnostics.map(\.message) == [message])
        #expect(diagnostics.map(\.suggestion) == [help])
    }

    @Test(
        "a stamp may stand in whatever a step sends",
        arguments: [
            "- emit: a\n  data: { t: \"x ${stamp(room.id)} y\" }", "- emit: a\n  args: [ 1, \"${stamp('all')}\" ]",
            "- acknowledge: ${stamp(room.id)}", "- http: POST /a\n  json: { t: \"${stamp(room.id)}\" }",
            "- http: GET /a?t=${stamp(room.id)}", "- http: GET /a\n  headers: { X-T: \"${stamp(room.id)}\" }",
        ]
    )
    func stamps(step: String) throws {
        let group = try read(scenario(flow: "- connect\n" + step, top: Self.three)).groups[0]
        #expect(group.usesRooms)
    }

    @Test("also in a handler, and in a message without a protocol")
    func stampsElsewhere() throws {
        #expect(
            try read(
                scenario(flow: "- connect", top: Self.three + "\non: { a: { emit: b, data: \"${stamp(room.id)}\" } }")
            ).groups[0].usesRooms
        )
        let text = """
            target: { url: "ws://a", protocol: websocket }
            load: [ { for: 1s, clients: 1 } ]
            flow: [ connect, { send: "${stamp('all')}" }, { send: { t: "${stamp('all')}" } } ]
            """
        #expect(try read(text).groups[0].usesRooms)
    }

    @Test(
        "and nowhere else, for making one counts as sending it",
        arguments: [
            ("- set: { a: \"${stamp(room.id)}\" }", ""), ("- fail: ${stamp(room.id)}", ""),
            ("- when: stamp(room.id) == 'x'\n  flow: { count: a }", ""), ("- wait: stamp(room.id) == 'x'", ""),
            ("- repeat: { until: stamp(room.id) == 'x' }\n  flow: { think: 1s }", ""),
            ("- connect\n- await: a\n  where: { t: \"${stamp(room.id)}\" }", ""),
            ("- connect\n- await: a\n  joins: \"${stamp(room.id)}\"", ""),
            ("- connect", "vars: { a: \"${stamp(room.id)}\" }"),
            ("- connect", "on: { a: { fanout: t, room: \"${stamp(room.id)}\" } }"),
            ("- connect", "on: { a: { set: { b: \"${stamp(room.id)}\" } } }"),
        ] as [(String, String)]
    )
    func noStamps(flow: String, top: String) {
        let diagnostics = problems(flow: flow, top: Self.three + "\n" + top)
        #expect(diagnostics.map(\.message) == ["a stamp belongs into what a step sends, and this is none"])
        #expect(diagnostics.map(\.code) == [.badTemplate])
    }

    @Test("a stamp asks whom the room is told to, each time that the message is made")
    func rendered() throws {
        let flow = "- emit: a\n  data: { one: \"${stamp(room.id)}\", two: \"<${stamp('al' )}>\" }"
        let group = try read(scenario(flow: flow, top: Self.three)).groups[0]
        guard case .emit(let emit) = group.flow[0].action else { throw Unexpected() }
        let source = Source()
        var values = clientValues(group)
        values.stamps = source
        #expect(emit.arguments[0].rendered(&values) == #"{"one":"[room]","two":"<[al]>"}"#)
        #expect(source.count == 2)
    }

    private final class Source: StampSource {
        var count = 0

        func appendStamp(ofRoom name: String?, to buffer: inout ByteBuffer) {
            count += 1
            buffer.writeString("[\(name ?? "room")]")
        }
    }

    // MARK: joins and leaves

    @Test(
        "steps that end with something certain say that the client is in a room, or out of one",
        arguments: [
            "connect:", "emit: a", "emit: a\n  ack: {}", "http: GET /", "await: a",
            "stream: s\n  chunk: c\n  done: d", "wait: client.index == 0", "think: 1s",
            "plan: p\n  event: e\n  actions: a\n  reply: { emit: b }\n  done: d",
        ]
    )
    func changes(step: String) throws {
        let flow = "- connect\n- \(step)\n  joins: all\n  leaves: \"${room.id}\""
        let group = try read(scenario(flow: flow, top: Self.three)).groups[0]
        let changes = try #require(group.flow.last).roomChanges
        #expect(group.usesRooms)
        #expect(changes.count == 2)
        guard case .joins(let joined) = changes[0], case .leaves(let left) = changes[1] else { throw Unexpected() }
        #expect(try name(joined) == "all")
        guard case .assigned = left else { throw Unexpected() }
    }

    @Test("they are done in the order in which they are written")
    func order() throws {
        let flow = "- connect\n- emit: a\n  leaves: old\n  joins: new"
        let changes = try #require(try steps(flow).last).roomChanges
        guard case .leaves = changes[0], case .joins = changes[1] else { throw Unexpected() }
    }

    @Test(
        "what ends with nothing certain has neither",
        arguments: ["pace: 1s", "set: { a: 1 }", "count: a", "disconnect:"]
    )
    func noChanges(step: String) {
        let diagnostics = problems(flow: "- connect\n- \(step)\n  joins: all")
        #expect(diagnostics.map(\.code) == [.unknownKey])
    }

    @Test("a room is a text", arguments: ["joins: [ a ]", "leaves: { a: 1 }"])
    func noRooms(change: String) {
        #expect(problems(flow: "- connect\n- await: a\n  \(change)").map(\.code) == [.wrongType])
    }

    @Test("a message on a plain WebSocket too")
    func sends() throws {
        let text = """
            target: { url: "ws://a", protocol: websocket }
            load: [ { for: 1s, clients: 1 } ]
            flow: [ connect, { send: hello, joins: all } ]
            """
        #expect(try #require(try read(text).groups[0].flow.last).roomChanges.count == 1)
    }

    // MARK: fanout

    @Test("a delivery by its stamp, of any room or of one")
    func byStamp() throws {
        let plain = try fanOut("{ fanout: text }")
        guard case .stamp(let paths) = plain.identity else { throw Unexpected() }
        #expect(withEvent(#"["message",{"text":"a"}]"#) { paths.found(in: $0) != nil })
        #expect(plain.room == nil)
        #expect(!plain.includesSender)
        #expect(plain.within == .seconds(10))
        let full = try fanOut("{ fanout: [ a.text, $ ], room: \"${room.id}\", self: true, within: 3s }")
        guard case .assigned? = full.room else { throw Unexpected() }
        #expect(full.includesSender)
        #expect(full.within == .seconds(3))
        #expect(try name(try fanOut("{ fanout: text, room: all }").room) == "all")
    }

    @Test("a delivery of the server's own by its id, with the room in or beside it")
    func byID() throws {
        for text in ["{ fanout: { id: id, room: all } }", "{ fanout: { id: id }, room: all }"] {
            let fanOut = try fanOut(text, top: "")
            guard case .id(_, order: nil) = fanOut.identity else { throw Unexpected() }
            #expect(try name(fanOut.room) == "all")
        }
        let ordered = try fanOut("{ fanout: { id: [ id, key ], order: phone, room: \"${room.id}\" }, within: 1s }")
        guard case .id(_, .some) = ordered.identity, case .assigned? = ordered.room else { throw Unexpected() }
        #expect(ordered.within == .seconds(1))
    }

    @Test("several deliveries in one handler, and in a branch of one")
    func several() throws {
        let steps = try handler(
            "[ { fanout: a }, { when: event.b exists, flow: { fanout: b } }, { count: c } ]".replacing(
                "event.b exists",
                with: "event.b == 1"
            )
        )
        #expect(steps.count == 3)
        guard case .fanout = steps[0].action, case .when(let when) = steps[1].action,
            case .fanout = when.flow[0].action
        else { throw Unexpected() }
    }

    @Test(
        "what a delivery cannot be",
        arguments: [
            ("{ fanout: { id: id } }", Diagnostic.Code.missing, "whose deliveries these are is missing"),
            ("{ fanout: { room: all } }", .missing, "'id' is missing in 'fanout'"),
            (
                "{ fanout: { id: id, room: all }, self: true }", .badValue,
                "'self' is about messages that clients send, and these are the server's own"
            ),
            ("{ fanout: text, self: 1 }", .wrongType, "'self' has to be true or false, not a number"),
            ("{ fanout: text, within: 0s }", .badValue, "'within' has to be some time"),
            ("{ fanout: text, order: phone }", .unknownKey, "'order' is unknown in 'fanout'"),
            ("{ fanout: { id: id, room: all, within: 1s } }", .unknownKey, "'within' is unknown in 'fanout'"),
            ("fanout", .missing, "'fanout' needs a value"),
            (
                "{ fanout: text, onFailure: continue }", .badValue,
                "'fanout' cannot fail, so that 'onFailure' means nothing here"
            ),
        ] as [(String, Diagnostic.Code, String)]
    )
    func noDeliveries(steps: String, code: Diagnostic.Code, message: String) {
        let diagnostics = problems(flow: "- connect", top: "on: { message: \(steps) }")
        #expect(diagnostics.map(\.code) == [code])
        #expect(diagnostics.map(\.message) == [message])
    }

    @Test(
        "a flow takes no deliveries, nor a plan's reply",
        arguments: [
            "- fanout: text", "- connect\n- repeat: 2\n  flow: { fanout: text }",
            "- connect\n- plan: p\n  event: e\n  actions: a\n  reply: { fanout: text }\n  done: d",
        ]
    )
    func inFlow(flow: String) {
        let diagnostics = problems(flow: flow)
        #expect(diagnostics.map(\.code) == [.badValue])
        #expect(
            diagnostics.map(\.message) == [
                "'fanout' takes deliveries whenever they come, which is what handlers are for"
            ]
        )
        #expect(diagnostics.map(\.suggestion) == ["write on: { EVENT: { fanout: … } }"])
    }

    @Test("groups that know no rooms are told from those that do")
    func groups() throws {
        let text = """
            target: { url: "practice:a" }
            rooms: { count: 2 }
            load: [ { for: 1s, clients: 2 } ]
            clients:
              sender: { flow: [ connect, { emit: a, data: "${stamp(room.id)}" } ] }
              other: { flow: [ connect, { emit: a, data: "${room.id}" } ] }
              member: { on: { b: { fanout: t } }, flow: [ connect ] }
            """
        #expect(try read(text).groups.map(\.usesRooms) == [true, false, true])
    }
}

import Testing

@testable import Scenarios

@Suite("Faults on the run's clock, and steps that cut and stall")
struct FaultTests {
    private func faults(_ list: String, overrides: Overrides = Overrides()) throws(ScenarioError) -> [Fault] {
        try read(text(list), overrides: overrides).faults
    }

    private func text(_ list: String) -> String {
        """
        target: { url: "practice:a" }
        load: [ { for: 40s, clients: 20 }, { for: 60s } ]
        clients:
          visitor: { flow: [ connect, { think: 1s, joins: lobby } ] }
          watcher: { flow: [ connect, { think: 1s, joins: "room-${client.index}" } ] }
        faults: \(list)
        """
    }

    private struct Unexpected: Error {}

    @Test("cuts, with a reset unless said")
    func drops() throws {
        let list = """
            [ { at: 30s, drop: 80% }, { at: 31s, drop: 0.5%, how: close }, { at: 32s, drop: 100%, how: vanish } ]
            """
        let faults = try faults(list)
        let kinds = faults.compactMap { fault -> DropKind? in
            guard case .drop(let kind) = fault.action else { return nil }
            return kind
        }
        #expect(kinds == [.reset, .close, .vanish])
        #expect(faults.map(\.selection.share) == [0.8, 0.005, 1])
        #expect(faults.map(\.at) == [.seconds(30), .seconds(31), .seconds(32)])
        #expect(faults.allSatisfy { $0.selection.group == nil && $0.selection.room == nil })
        #expect(faults[0].place.line == 6)
    }

    @Test("stalls of a group, or of the members of a room")
    func stalls() throws {
        let faults = try faults(
            "[ { at: 1s, stall: 10%, for: 20s, of: watcher }, { at: 2s, stall: 5%, for: 1s, rate: 2KB/s, room: lobby } ]"
        )
        guard case .stall(let first) = faults[0].action, case .stall(let second) = faults[1].action else {
            throw Unexpected()
        }
        #expect(first == Stall(duration: .seconds(20), rate: nil))
        #expect(second == Stall(duration: .seconds(1), rate: 2000))
        #expect(faults.map(\.selection.group) == [1, nil])
        #expect(faults.map(\.selection.room) == [nil, "lobby"])
    }

    @Test("a flow at the top is the group 'clients'")
    func onlyGroup() throws {
        let scenario = try read(
            scenario(flow: "- connect", top: "faults: [ { at: 0s, drop: 1%, of: clients } ]")
        )
        #expect(scenario.faults[0].selection.group == 0)
    }

    @Test("they are ordered by time, those of one time as they are written")
    func order() throws {
        let faults = try faults(
            "[ { at: 9s, drop: 1% }, { at: 1s, drop: 2% }, { at: 9s, drop: 3% }, { at: 0s, drop: 4% } ]"
        )
        #expect(faults.map(\.selection.share) == [0.04, 0.02, 0.01, 0.03])
    }

    @Test("their times keep their part of the run under --duration, and how long they last too")
    func scaled() throws {
        let faults = try faults(
            "[ { at: 50s, drop: 1% }, { at: 75s, stall: 1%, for: 20s } ]",
            overrides: Overrides(duration: .seconds(10))
        )
        #expect(faults.map(\.at) == [.seconds(5), .milliseconds(7500)])
        guard case .stall(let stall) = faults[1].action else { throw Unexpected() }
        #expect(stall.duration == .seconds(2))
    }

    @Test("however long it would be then")
    func scaledFar() throws {
        let top = "load: [ { for: 1ms, clients: 1 } ]\nfaults: [ { at: 0s, stall: 1%, for: 10000h } ]"
        let head = "target: { url: \"practice:a\" }\nflow: connect\n"
        let longest = Overrides(duration: .seconds(36_000_000))
        guard case .stall(let stall) = try read(head + top, overrides: longest).faults[0].action else {
            throw Unexpected()
        }
        #expect(stall.duration == .seconds(36_000_000))
        for late in ["faults: [ { at: 10000h, drop: 1% } ]", "warmup: 10000h"] {
            let text = head + "load: [ { for: 1ms, clients: 1 } ]\n" + late
            let error = #expect(throws: ScenarioError.self) { try read(text, overrides: longest) }
            #expect(error?.diagnostics.map(\.code) == [.badValue])
        }
    }

    @Test("a step's own stall is not on the run's clock")
    func stepsAreNotScaled() throws {
        let text = scenario(flow: "- connect\n- stall: 10s")
        let step = try read(text, overrides: Overrides(duration: .seconds(100))).groups[0].flow[1]
        guard case .stall(let stall) = step.action else { throw Unexpected() }
        #expect(stall.duration == .seconds(10))
    }

    @Test(
        "what makes no sense",
        arguments: [
            ("drop", .wrongType, "'faults' has to be a list, not a text"),
            ("[ drop ]", .wrongType, "a fault has to be a map, not a text"),
            ("[ { drop: 1% } ]", .missing, "'at' is missing in a fault"),
            ("[ { at: 1s } ]", .missing, "the fault does not say what happens"),
            ("[ { at: soon, drop: 1% } ]", .badValue, "'at' has to be a duration, not 'soon'"),
            ("[ { at: 100s, drop: 1% } ]", .badValue, "the load ends after 100s, before this could happen"),
            ("[ { at: 1s, drop: 1%, stall: 1%, for: 1s } ]", .badValue, "'drop' and 'stall' exclude each other"),
            ("[ { at: 1s, drop: 1%, run: x } ]", .badValue, "'drop' and 'run' exclude each other"),
            (
                "[ { at: 1s, drop: 80 } ]", .badValue,
                "'drop' has to be a part of the clients, from above 0% to 100%, not '80'"
            ),
            (
                "[ { at: 1s, drop: 0% } ]", .badValue,
                "'drop' has to be a part of the clients, from above 0% to 100%, not '0%'"
            ),
            (
                "[ { at: 1s, stall: 101%, for: 1s } ]", .badValue,
                "'stall' has to be a part of the clients, from above 0% to 100%, not '101%'"
            ),
            ("[ { at: 1s, drop: 1%, how: rset } ]", .badValue, "'how' has to be reset, close or vanish, not 'rset'"),
            ("[ { at: 1s, stall: 1% } ]", .missing, "'for' is missing in a fault"),
            ("[ { at: 1s, stall: 1%, for: 0s } ]", .badValue, "'for' has to be some time"),
            (
                "[ { at: 1s, stall: 1%, for: 1s, rate: 2KB } ]", .badValue,
                "'rate' has to be a number of bytes per second, not '2KB'"
            ),
            (
                "[ { at: 1s, stall: 1%, for: 1s, rate: 0/s } ]", .badValue,
                "'rate' has to be a number of bytes per second, not '0/s'"
            ),
            ("[ { at: 1s, stall: 1%, for: 1s, how: reset } ]", .badValue, "'how' belongs to 'drop'"),
            ("[ { at: 1s, drop: 1%, for: 1s } ]", .badValue, "'for' belongs to 'stall'"),
            ("[ { at: 1s, drop: 1%, rate: 1/s } ]", .badValue, "'rate' belongs to 'stall'"),
            ("[ { at: 1s, run: x, of: visitor } ]", .badValue, "'of' belongs to 'drop' and 'stall'"),
            ("[ { at: 1s, run: x, room: lobby } ]", .badValue, "'room' belongs to 'drop' and 'stall'"),
            ("[ { at: 1s, drop: 1%, of: vistor } ]", .badValue, "there is no group 'vistor'"),
            ("[ { at: 1s, drop: 1%, off: visitor } ]", .unknownKey, "'off' is unknown in a fault"),
            ("[ { at: 1s, dorp: 1% } ]", .unknownKey, "'dorp' is unknown in a fault"),
            ("[ { at: 1s, run: [ a ] } ]", .wrongType, "'run' has to be a name, not a list"),
            ("[ { at: 1s, run: \"${env.X}\" } ]", .badTemplate, "'run' is fixed; a template cannot stand in it"),
            ("[ { at: 1s, run: \" \" } ]", .missing, "there is no command"),
        ] as [(String, Diagnostic.Code, String)]
    )
    func nonsense(list: String, code: Diagnostic.Code, message: String) {
        let diagnostics = problems(text(list))
        #expect(diagnostics.map(\.code) == [code])
        #expect(diagnostics.map(\.message) == [message])
    }

    @Test("a load that cannot be read puts no fault behind its end")
    func noCascade() {
        let broken = text("[ { at: 50s, drop: 1% } ]").replacing("{ for: 60s }", with: "{ for: 60 }")
        #expect(problems(broken).map(\.code) == [.badValue])
    }

    @Test(
        "a room that nobody joins",
        arguments: [
            ("joins: lobby", "loby", "did you mean 'lobby'?"), ("joins: lobby", "red", "the rooms are lobby"),
            ("count: a", "red", "write 'joins: red' at the step after which a client is in it"),
            (
                "joins: \"${room.id}\"", "3",
                "the names of 'rooms:' come from the seed; give them your own: joins: \"room-${room.index}\""
            ),
        ]
    )
    func rooms(join: String, room: String, help: String) {
        let step = join.hasPrefix("joins") ? "{ think: 1s, \(join) }" : "{ \(join) }"
        let top = "rooms: { count: 5 }\nfaults: [ { at: 500ms, drop: 1%, room: \(room) } ]"
        let diagnostics = problems(flow: "- \(step)", top: top)
        #expect(diagnostics.map(\.message) == ["no step joins the room '\(room)'"])
        #expect(diagnostics.map(\.suggestion) == [help])
    }

    @Test("a room whose name is known in the run only may be any")
    func openRooms() throws {
        let top = "rooms: { count: 5 }\nfaults: [ { at: 500ms, drop: 1%, room: room-3 } ]"
        let flow = "- think: 1s\n  joins: room-${room.index}"
        #expect(try read(scenario(flow: flow, top: top)).faults[0].selection.room == "room-3")
    }

    @Test("a room from the environment may be any, and its name is not told")
    func secretRooms() throws {
        let text = scenario(
            flow: "- think: 1s\n  joins: ${env.ROOM}",
            top: "faults: [ { at: 500ms, drop: 1%, room: cellar } ]"
        )
        #expect(try read(text, environment: ["ROOM": "cellars"]).faults[0].selection.room == "cellar")
    }

    // MARK: run

    @Test(
        "a command's words, as a shell would split them",
        arguments: [
            ("./restart-server.sh", ["./restart-server.sh"]), ("  a\tb  c ", ["a", "b", "c"]),
            ("sh -c 'kill -9 $(cat pid) | wc'", ["sh", "-c", "kill -9 $(cat pid) | wc"]),
            (#"a "b c" "d\"e\\f\g""#, ["a", "b c", #"d"e\f\g"#]), (#"a\ b \$HOME \'"#, ["a b", "$HOME", "'"]),
            ("a '' \"\" b", ["a", "", "", "b"]), ("a'b'\"c\"d", ["abcd"]), ("a#b --x=~ b~", ["a#b", "--x=~", "b~"]),
            ("env A=1 b=2", ["env", "A=1", "b=2"]), ("2a=1", ["2a=1"]), ("é 'ü' 😀", ["é", "ü", "😀"]),
        ]
    )
    func words(command: String, words: [String]) throws {
        let literal = command.replacing("'", with: "''")
        guard case .run(let read) = try faults("[ { at: 1s, run: '\(literal)' } ]")[0].action else {
            throw Unexpected()
        }
        #expect(read == words)
    }

    @Test(
        "what a shell would have to do is refused",
        arguments: [
            ("a | b", "'|' means something to a shell, and none runs this"),
            ("a && b", "'&' means something to a shell, and none runs this"),
            ("a; b", "';' means something to a shell, and none runs this"),
            ("a > b", "'>' means something to a shell, and none runs this"),
            ("a < b", "'<' means something to a shell, and none runs this"),
            ("(a)", "'(' means something to a shell, and none runs this"),
            ("a $B", "'$' means something to a shell, and none runs this"),
            ("a \"$B\"", "'$' means something to a shell, and none runs this"),
            ("a `b`", "'`' means something to a shell, and none runs this"),
            ("a \"`b`\"", "'`' means something to a shell, and none runs this"),
            ("a *.txt", "'*' means something to a shell, and none runs this"),
            ("a b?", "'?' means something to a shell, and none runs this"),
            ("~/a", "'~' means something to a shell, and none runs this"),
            ("a #b", "'#' means something to a shell, and none runs this"),
            ("A=1 b", "only a shell sets variables so"), ("a \"b", "the quote that begins here does not end"),
            ("a 'b", "the quote that begins here does not end"), ("a \\", "'\\' has nothing behind it"),
            ("'' a", "there is no command"),
        ]
    )
    func shell(command: String, message: String) {
        let literal = command.replacing("'", with: "''")
        #expect(problems(text("[ { at: 1s, run: '\(literal)' } ]")).map(\.message) == [message])
    }

    @Test("a command has no NUL in it")
    func nul() {
        #expect(problems(text("[ { at: 1s, run: \"a\\0b\" } ]")).map(\.code) == [.badValue])
    }

    // MARK: Steps

    @Test("a client cuts its own connection", arguments: DropKind.allCases)
    func dropStep(kind: DropKind) throws {
        guard case .drop(let read) = try steps("- connect\n- drop: \(kind.rawValue)")[1].action else {
            throw Unexpected()
        }
        #expect(read == kind)
    }

    @Test(
        "it stops reading, or reads slowly",
        arguments: [
            ("10s", Stall(duration: .seconds(10), rate: nil)),
            ("{ for: 10s }", Stall(duration: .seconds(10), rate: nil)),
            ("{ for: 1m, rate: 64KiB/s }", Stall(duration: .seconds(60), rate: 65_536)),
        ]
    )
    func stallStep(text: String, stall: Stall) throws {
        guard case .stall(let read) = try steps("- connect\n- stall: \(text)")[1].action else { throw Unexpected() }
        #expect(read == stall)
    }

    @Test(
        "both do not wait, so that they may stand in handlers, branches and replies",
        arguments: [
            ("- connect", "on: { e: [ { drop: reset }, { stall: 10s } ] }"),
            ("- when: client.index == 0\n  flow: { drop: close }\n  else: { stall: 1s }", ""),
            (
                "- connect\n- plan: p\n  event: e\n  actions: a\n  reply: [ { stall: 1s }, { drop: vanish } ]\n  done: d",
                ""
            ),
        ]
    )
    func anywhere(flow: String, top: String) {
        #expect(problems(flow: flow, top: top).isEmpty)
    }

    @Test(
        "what they cannot be",
        arguments: [
            ("- drop", .missing), ("- drop:", .wrongType), ("- drop: rest", .badValue), ("- drop: 80%", .badValue),
            ("- drop: reset\n  how: close", .unknownKey), ("- drop: reset\n  onFailure: continue", .badValue),
            ("- drop: reset\n  joins: a", .unknownKey), ("- stall", .missing), ("- stall: 0s", .badValue),
            ("- stall: 10", .badValue), ("- stall: {}", .missing), ("- stall: { rate: 1/s }", .missing),
            ("- stall: { for: 1s, rate: 5 }", .badValue), ("- stall: { for: 1s, of: a }", .unknownKey),
            ("- stall: [ 1s ]", .badValue), ("- stall: 1s\n  rate: 1/s", .unknownKey),
            ("- repeat: forever\n  flow: { drop: reset }", .badValue),
            ("- repeat: forever\n  flow: { stall: 1s }", .badValue),
            ("- drop: reset\n- await: a\n  within: 1s", .noCause),
        ] as [(String, Diagnostic.Code)]
    )
    func noSteps(flow: String, code: Diagnostic.Code) {
        #expect(problems(flow: flow).map(\.code) == [code])
    }

    @Test("the option 'stall' of a stream stays one")
    func streamStall() throws {
        let step = try steps("- connect\n- stream: s\n  chunk: c\n  done: d\n  stall: 5s")[1]
        guard case .stream(let stream) = step.action else { throw Unexpected() }
        #expect(stream.stall == .seconds(5))
        #expect(problems(flow: "- connect\n- drop: reset\n  stall: 1s").map(\.code) == [.unknownKey])
    }
}

import NIOCore
import Testing
import Wire

@testable import Scenarios

@Suite("Messages without a known form")
struct MessageValueTests {
    /// A message as the engine shows it: `first` only where it is JSON.
    private func withText<Result>(_ text: String, isJSON: Bool, _ body: (EventView) throws -> Result) rethrows -> Result
    {
        try Array(text.utf8).withUnsafeBytes { bytes in
            let whole = 0..<bytes.count
            return try body(EventView(bytes: bytes, first: isJSON ? whole : nil, list: whole, skipped: 0, isText: true))
        }
    }

    private static let whole = MessagePath(root: .message, path: JSONPath([]))

    @Test("`$` is the text, whether it is JSON or not", arguments: [("pong", false), ("{\"a\":1}", true), ("5", true)])
    func whole(text: String, isJSON: Bool) {
        withText(text, isJSON: isJSON) { view in
            #expect(Self.whole.found(in: view) == .text(0..<text.utf8.count))
            #expect(MessagePaths([Self.whole]).value(in: view) == .string(text))
            #expect(Self.whole.slice(in: view) == nil)
        }
    }

    @Test("paths lead into it where it is JSON, from `$` and from the event alike")
    func paths() throws {
        for path in ["a.b", "$.a.b", "args.0.a.b"] {
            let path = try PathParser.parse(path)
            withText("{\"a\":{\"b\":[1]}}", isJSON: true) { view in
                #expect(path.found(in: view)?.tree(in: view.bytes) == .array([.integer(1)]))
            }
            withText("a.b", isJSON: false) { #expect(path.found(in: $0) == nil) }
        }
        let other = try PathParser.parse("args.1")
        withText("[1,2]", isJSON: true) { #expect(other.found(in: $0) == nil) }
    }

    @Test("of several paths the first that leads anywhere counts")
    func alternatives() throws {
        let paths = MessagePaths([try PathParser.parse("type"), Self.whole])
        withText("pong", isJSON: false) { #expect(paths.value(in: $0) == .string("pong")) }
        withText("{\"type\":\"x\"}", isJSON: true) { #expect(paths.value(in: $0) == .string("x")) }
    }

    @Test("templates: as a value, inside a text, in JSON")
    func templates() throws {
        let flow = """
            - await: message
            - send: "${$}"
            - send: { whole: "${$}", part: "got ${event.$}", place: "${event.a}" }
            - set: { last: "${$}" }
            """
        let group = try read(plain(flow)).groups[0]
        #expect(group.readsEvent)
        var values = clientValues(group)
        guard case .send(let text) = group.flow[1].action, case .text(let template) = text.content,
            case .send(let json) = group.flow[2].action, case .json(let document) = json.content,
            case .set(let assignments) = group.flow[3].action
        else { return #expect(Bool(false)) }
        withText("say \"hi\"", isJSON: false) { view in
            #expect(template.text(&values, event: view) == "say \"hi\"")
            let expected = #"{"whole":"say \"hi\"","part":"got say \"hi\""}"#
            #expect(document.rendered(&values, event: view) == expected)
            #expect(assignments[0].value.value(&values, event: view) == .string("say \"hi\""))
        }
        withText("{\"a\":1}", isJSON: true) { view in
            let expected = #"{"whole":"{\"a\":1}","part":"got {\"a\":1}","place":1}"#
            #expect(document.rendered(&values, event: view) == expected)
        }
    }

    @Test("conditions compare the text, whatever it would be as JSON")
    func conditions() throws {
        let flow = """
            - await: message
              where: { $: "5" }
            - await: message
              where: $ == 'pong' or event.kind == 'pong'
            - await: { event: message, where: { $: 5 } }
            """
        let group = try read(plain(flow)).groups[0]
        var values = clientValues(group)
        let conditions = group.flow.compactMap { step -> MessageCondition? in
            if case .await(let wait) = step.action { wait.match.patterns[0].condition } else { nil }
        }
        #expect(conditions.count == 3)
        withText("5", isJSON: true) { view in
            #expect(conditions.map { $0.matches(view, &values) } == [true, false, false])
        }
        withText("pong", isJSON: false) { view in
            #expect(conditions.map { $0.matches(view, &values) } == [false, true, false])
        }
        withText("{\"kind\":\"pong\"}", isJSON: true) { view in
            #expect(conditions.map { $0.matches(view, &values) } == [false, true, false])
        }
    }

    @Test("what was sent as a text is read back the same way")
    func sent() throws {
        let group = try read(plain("- send: hello\n- send: \"${sent.$}\"")).groups[0]
        #expect(group.readsSent)
        guard case .send(let send) = group.flow[1].action, case .text(let template) = send.content else {
            return #expect(Bool(false))
        }
        var values = clientValues(group)
        values.sent = withText("hello", isJSON: false) { StoredEvent($0) }
        #expect(template.text(&values, event: nil) == "hello")
    }

    private func plain(_ flow: String) -> String {
        scenario(flow: flow).replacing("url: \"practice:leflux\"", with: "url: \"ws://a\", protocol: websocket")
    }
}

import Scenarios
import Testing

@Suite("What the language has and this version does not")
struct NotBuiltYetTests {
    static let topTexts = [
        "feeds: { p: { file: p.csv } }", "rooms: { count: 1 }", "rejoin: [ connect ]",
        "faults: [ { at: 1s, drop: 1% } ]",
        "reconnect: socket.io", "reconnect: { delay: 2s }",
        "vars: { a: \"${stamp(room.id)}\" }", "vars: { a: \"${room.id}\" }", "vars: { a: \"${feed.p.name}\" }",
        "on: { closed: { count: x } }", "on: { refused: { count: x } }",
        "on: { e: { fanout: text } }",
    ]

    @Test("at the top", arguments: topTexts)
    func top(text: String) {
        check(problems(flow: "- connect", top: text))
    }

    static let stepTexts = [
        "- send: hello", "- fanout: text\n  room: x",
        "- drop: reset", "- stall: 10s", "- emit: a\n  binary: file",
        "- http: GET /\n  since: connect", "- connect\n- stream: s\n  chunk: c\n  done: d\n  since: connect",
        "- connect\n- await: a\n  joins: r",
        "- connect\n- await: a\n  leaves: r",
        "- connect\n- await: a\n  onLoss: wait", "- connect\n- await: closed", "- connect\n- await: refused",
        "- http: GET https://host/",
    ]

    @Test("among steps", arguments: stepTexts)
    func step(text: String) {
        check(problems(flow: text))
    }

    static let targetTexts = [
        "tls: { verify: false }", "outbound: { limit: 1MB }", "envelope: { event: type }", "heartbeat: { every: 30s }",
        "protocol: websocket", "transports: [polling, websocket]", "url: \"https://host\"", "url: \"wss://host\"",
    ]

    @Test("in the target", arguments: targetTexts)
    func target(text: String) {
        let url = text.hasPrefix("url") ? "" : "url: \"practice:a\", "
        check(
            problems(
                "name: a\ntarget: { \(url)\(text) }\nload: [ { for: 1s, clients: 1 } ]\nflow: [ connect ]"
            )
        )
    }

    @Test("in a group")
    func others() {
        let head = "name: a\ntarget: { url: \"practice:a\" }\n"
        let group = "load: [ { for: 1s, clients: 1 } ]\nclients: { a: { flow: connect, "
        check(problems(head + group + "rejoin: connect } }"))
        check(problems(head + group + "reconnect: socket.io } }"))
    }

    @Test("`reconnect: none` is what this version does")
    func reconnectNone() {
        #expect(problems(flow: "- connect", top: "reconnect: none").isEmpty)
    }

    private func check(_ diagnostics: [Diagnostic], location: SourceLocation = #_sourceLocation) {
        #expect(diagnostics.map(\.code) == [.notBuiltYet], sourceLocation: location)
        for diagnostic in diagnostics {
            #expect(
                diagnostic.message.hasSuffix(" is part of the language, but this version does not build it yet"),
                sourceLocation: location
            )
            #expect(diagnostic.severity == .error, sourceLocation: location)
        }
    }
}

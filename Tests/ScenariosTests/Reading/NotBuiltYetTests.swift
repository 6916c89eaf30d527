import Scenarios
import Testing

@Suite("What the language has and this version does not")
struct NotBuiltYetTests {
    static let topTexts = [
        "rejoin: [ connect ]",
        "faults: [ { at: 1s, drop: 1% } ]",
        "reconnect: socket.io", "reconnect: { delay: 2s }",
    ]

    @Test("at the top", arguments: topTexts)
    func top(text: String) {
        check(problems(flow: "- connect", top: text))
    }

    static let stepTexts = [
        "- drop: reset", "- drop", "- stall: 10s",
        "- connect\n- await: a\n  onLoss: wait",
    ]

    @Test("among steps", arguments: stepTexts)
    func step(text: String) {
        check(problems(flow: text))
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

    @Test("a check of what is counted, measured or streamed there adds nothing")
    func followingChecks() throws {
        let rejoin = """
            rejoin:
              - emit: join
                ack: { measure: back }
              - count: again
              - stream: history
                chunk: c
                done: d
            checks: [ x ]
            """
        let error = #expect(throws: ScenarioError.self) {
            try read(scenario(flow: "- connect", top: rejoin)) { _, names in
                let isKnown =
                    names.measures == ["back"] && names.counters == ["again"] && names.streams == ["history"]
                return isKnown ? nil : CheckProblem(range: 0..<1, message: "\(names)")
            }
        }
        check(try #require(error).diagnostics)
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

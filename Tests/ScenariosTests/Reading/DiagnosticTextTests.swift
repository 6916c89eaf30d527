import Scenarios
import Testing

@Suite("Diagnostics as a person reads them")
struct DiagnosticTextTests {
    struct Golden: CustomTestStringConvertible, Sendable {
        var name: String
        var flow = "- connect"
        var top = ""
        var text: String
        var testDescription: String { name }
    }

    static let golden: [Golden] = [
        Golden(
            name: "unknown key",
            top: "grase: 3s",
            text: """
                test.yaml:4:1: error: 'grase' is unknown in a scenario
                  grase: 3s
                  ^
                  help: did you mean 'grace'?
                """
        ),
        Golden(
            name: "unknown step",
            flow: "- emitt: hello",
            text: """
                test.yaml:6:5: error: there is no step 'emitt'
                    - emitt: hello
                      ^
                  help: did you mean 'emit'?
                """
        ),
        Golden(
            name: "option of a step",
            flow: "- connect\n- await: hello\n  witin: 2s",
            text: """
                test.yaml:8:5: error: 'witin' is unknown in 'await'
                      witin: 2s
                      ^
                  help: did you mean 'within'?
                """
        ),
        Golden(
            name: "duration",
            top: "grace: 3 seconds",
            text: """
                test.yaml:4:8: error: 'grace' has to be a duration, not '3 seconds'
                  grace: 3 seconds
                         ^
                  help: write a number and its unit: 250ms, 1.5s, 2m, 1h
                """
        ),
        Golden(
            name: "unknown variable inside a text",
            flow: "- emit: hello\n  data: { id: \"no-${sesion}\" }",
            top: "vars: { session: 1 }",
            text: """
                test.yaml:7:23: error: there is no variable 'sesion'
                      data: { id: "no-${sesion}" }
                                        ^
                  help: did you mean 'session'?
                """
        ),
        Golden(
            name: "unknown function",
            flow: "- emit: hello\n  data: ${uid()}",
            text: """
                test.yaml:7:13: error: there is no function 'uid'
                      data: ${uid()}
                              ^
                  help: did you mean 'uuid'?
                """
        ),
        Golden(
            name: "environment",
            flow: "- emit: hello\n  data: ${env.KEY}",
            text: """
                test.yaml:7:13: error: the environment variable KEY is not set
                      data: ${env.KEY}
                              ^
                  help: set it, or write a default: ${env.KEY ?? "…"}
                """
        ),
        Golden(
            name: "template in a flow collection",
            flow: "- emit: hello\n  data: { id: ${client.index} }",
            text: """
                test.yaml:7:17: error: a '${…}' inside { } or [ ] has to be quoted
                      data: { id: ${client.index} }
                                  ^
                  help: write "${…}"
                """
        ),
        Golden(
            name: "merge key",
            flow: "- emit: hello\n  <<: { data: 1 }",
            text: """
                test.yaml:7:5: error: '<<' does not merge maps in a scenario
                      <<: { data: 1 }
                      ^
                  help: share steps as a list: a list among steps is spliced, so '- *steps' puts them there
                """
        ),
        Golden(
            name: "duplicate key",
            top: "grace: 1s\ngrace: 2s",
            text: """
                test.yaml:4:1: error: 'grace' stands more than once in the same map
                  grace: 1s
                  ^
                  help: keep one of them; the first is here
                """
        ),
        Golden(
            name: "not built yet",
            top: "faults: [ { at: 30s, drop: 80% } ]",
            text: """
                test.yaml:4:1: error: 'faults' is part of the language, but this version does not build it yet
                  faults: [ { at: 30s, drop: 80% } ]
                  ^
                """
        ),
        Golden(
            name: "no cause",
            flow: "- await: hello\n  measure: join",
            text: """
                test.yaml:7:5: error: 'measure' runs from what the flow did before, and nothing was sent or opened before this
                      measure: join
                      ^
                  help: put '- connect' or an 'emit' before it
                """
        ),
        Golden(
            name: "since a measure that is not there",
            flow: "- emit: ask\n- await: asked\n  measure: answer\n- await: told\n  since: anwser",
            text: """
                test.yaml:10:12: error: no step before this has 'measure: anwser'
                      since: anwser
                             ^
                  help: did you mean 'answer'?
                """
        ),
        Golden(
            name: "since a measure, with none before",
            flow: "- await: told\n  since: later",
            text: """
                test.yaml:7:12: error: no step before this has 'measure: later'
                      since: later
                             ^
                  help: 'since' is 'connect' or the 'measure' of a step that comes before
                """
        ),
        Golden(
            name: "what becomes of a client",
            flow: "- connect\n- await: hello\n  onFailure: contine",
            text: """
                test.yaml:8:16: error: 'onFailure' has to be leave, continue or abort, not 'contine'
                      onFailure: contine
                                 ^
                  help: did you mean 'continue'?
                """
        ),
        Golden(
            name: "a step that cannot fail",
            flow: "- emit: hello\n  onFailure: continue",
            text: """
                test.yaml:7:5: error: 'emit' fails only where it waits for an acknowledgement, or where the target says 'outbound: { overflow: fail }'
                      onFailure: continue
                      ^
                  help: add 'ack', or leave 'onFailure' out
                """
        ),
        Golden(
            name: "a loop that never waits",
            flow: "- repeat: { until: ready }\n  flow: { emit: ask }",
            top: "vars: { ready: false }",
            text: """
                test.yaml:6:5: error: this loop never waits, and nothing in it changes what it ends by
                    - repeat: { until: ready }
                      ^
                  help: put a 'think' or an 'await' into it, or say 'every'
                """
        ),
        Golden(
            name: "distribution",
            top: "think: { mean: 2s, distribution: exponental }",
            text: """
                test.yaml:4:34: error: 'distribution' has to be 'exponential', not 'exponental'
                  think: { mean: 2s, distribution: exponental }
                                                   ^
                  help: did you mean 'exponential'?
                """
        ),
        Golden(
            name: "what stands beside a step that cannot fail",
            flow: "- pace: 1s\n  jitter: 3s",
            text: """
                test.yaml:7:5: error: 'jitter' is unknown in 'pace'
                      jitter: 3s
                      ^
                  help: known here: pace
                """
        ),
        Golden(
            name: "item outside of a loop over a list",
            flow: "- repeat: 3\n  flow:\n    - emit: hello\n      data: ${item.id}",
            text: """
                test.yaml:9:17: error: 'item' is what a 'repeat: { each: … }' has come to, and there is none here
                          data: ${item.id}
                                  ^
                """
        ),
        Golden(
            name: "a variable's name misspelled where a path may stand",
            flow: "- connect\n- repeat: { each: prodcts }\n  flow: { emit: buy, data: \"${item}\" }",
            top: "vars: { products: [ 1, 2 ] }",
            text: """
                test.yaml:7:21: warning: 'prodcts' is read from the message here, and differs little from a variable
                    - repeat: { each: prodcts }
                                      ^
                  help: did you mean 'products'? If not, write 'event.prodcts'
                """
        ),
        Golden(
            name: "handler that waits",
            top: "on: { hello: [ { think: 1s } ] }",
            text: """
                test.yaml:4:16: error: 'think' waits, and a handler must not
                  on: { hello: [ { think: 1s } ] }
                                 ^
                  help: let the handler 'set' a variable and the flow do the rest
                """
        ),
        Golden(
            name: "condition",
            flow: "- when: client.index = 3\n  flow: [ { count: three } ]",
            text: """
                test.yaml:6:24: error: '=' means nothing here
                    - when: client.index = 3
                                         ^
                  help: write '=='
                """
        ),
        Golden(
            name: "similar events",
            flow: "- connect\n- await: session_joined\n- await: sesion_joined",
            text: """
                test.yaml:8:12: warning: the event 'sesion_joined' differs little from 'session_joined' in line 7
                    - await: sesion_joined
                             ^
                  help: if both are meant, leave it; else write 'session_joined'
                """
        ),
    ]

    @Test("the place, the sentence, the line with a caret and the help", arguments: golden)
    func text(golden: Golden) {
        let diagnostics = problems(flow: golden.flow, top: golden.top)
        #expect(diagnostics.map { $0.rendered(colour: false) } == [golden.text])
    }

    @Test("all faults come at once, in the order of their places")
    func allAtOnce() {
        let diagnostics = problems(
            """
            name: test
            target: { url: "ftp://x", tiemout: 3s }
            load: [ { for: 1, clients: 1 }, { clients: many } ]
            flow: [ disconect, { emit: a, dta: 1 }, { count: Ab } ]
            checks: nothing
            """
        )
        #expect(diagnostics.map(\.place.line) == [2, 2, 3, 3, 3, 4, 4, 4, 5])
        #expect(diagnostics == diagnostics.sorted { $0.place < $1.place })
    }

    @Test("colour surrounds the place, the severity, the caret and the help, and changes no letter")
    func colour() throws {
        let diagnostic = try #require(problems(flow: "- emitt: hello").first)
        let coloured = diagnostic.rendered(colour: true)
        #expect(coloured.contains("\u{1B}[1;31merror:\u{1B}[0m"))
        let plain = coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        #expect(plain == diagnostic.rendered(colour: false))
    }

    @Test("control characters of the file do not reach the terminal")
    func controlCharacters() {
        let diagnostic = Diagnostic(
            code: .badValue,
            message: "a\u{1B}[2Jb",
            place: SourcePlace(file: "f", line: 1, column: 1),
            sourceLine: "\u{7}x"
        )
        #expect(!diagnostic.rendered(colour: false).unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" })
    }

    @Test("a caret below a line with tabs keeps the tabs")
    func tabs() {
        let diagnostic = Diagnostic(
            code: .badValue,
            message: "m",
            place: SourcePlace(file: "f", line: 1, column: 3),
            sourceLine: "\t\tx"
        )
        #expect(diagnostic.rendered(colour: false).hasSuffix("  \t\tx\n  \t\t^"))
    }

    @Test("a very long line is shown around the column")
    func longLine() {
        let diagnostic = Diagnostic(
            code: .badValue,
            message: "m",
            place: SourcePlace(file: "f", line: 1, column: 501),
            sourceLine: String(repeating: "a", count: 500) + "X" + String(repeating: "b", count: 500)
        )
        let lines = diagnostic.rendered(colour: false).split(separator: "\n")
        #expect(lines[1].count < 170)
        let caret = lines[2].firstIndex(of: "^").map { lines[2].distance(from: lines[2].startIndex, to: $0) }
        let mark = lines[1].firstIndex(of: "X").map { lines[1].distance(from: lines[1].startIndex, to: $0) }
        #expect(caret == mark)
    }
}

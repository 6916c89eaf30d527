import Foundation
import Scenarios
import Testing
import Wire

@Suite("YAML as YAML 1.2 means it")
struct YAMLTests {
    /// What a scalar in a message becomes.
    private func json(_ scalar: String) throws -> String {
        guard case .emit(let emit) = try steps("- emit: a\n  data: \(scalar)")[0].action else { return "" }
        return String(decoding: try #require(emit.arguments[0].literalBytes), as: UTF8.self)
    }

    @Test(
        "scalars",
        arguments: [
            ("NO", "\"NO\""), ("yes", "\"yes\""), ("on", "\"on\""), ("12:30", "\"12:30\""), ("1:30", "\"1:30\""),
            ("010", "10"), ("0o17", "15"), ("0x1F", "31"), ("0x-1", "\"0x-1\""), ("+5", "5"), ("-5", "-5"),
            ("-0", "-0"),
            ("1.50", "1.50"), (".5", "0.5"), ("5.", "5"), ("1e3", "1e3"), ("1E+3", "1E+3"), ("1_000", "\"1_000\""),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("2026-01-01", "\"2026-01-01\""), ("true", "true"), ("True", "true"), ("FALSE", "false"), ("null", "null"),
            ("~", "null"), ("", "null"), ("\"5\"", "\"5\""), ("'true'", "\"true\""), ("!!str 5", "\"5\""),
            (".inf", "\".inf\""),
            ("1.2.3", "\"1.2.3\""), ("e3", "\"e3\""), ("\"a\\n\\\"b\"", "\"a\\n\\\"b\""), ("é", "\"é\""),
            ("[1, [], {}]", "[1,[],{}]"), ("{ b: 1, a: { c: null } }", "{\"b\":1,\"a\":{\"c\":null}}"),
        ]
    )
    func scalar(text: String, expected: String) throws {
        #expect(try json(text) == expected)
    }

    @Test("keys are read by their text: `on`, `no` and `1` are keys")
    func keys() throws {
        #expect(try json("{ on: 1, no: 2, 1: 3, null: 4 }") == #"{"on":1,"no":2,"1":3,"null":4}"#)
    }

    @Test("anchors are allowed, and lists among steps are spliced")
    func splicing() throws {
        let list = try steps(
            """
            - &join
              - connect
              - emit: a
            - disconnect
            - *join
            - - - emit: b
            """
        )
        let names = list.map { step in
            switch step.action {
            case .connect: "connect"
            case .disconnect: "disconnect"
            case .emit(let emit): emit.event
            default: "?"
            }
        }
        #expect(names == ["connect", "a", "disconnect", "connect", "a", "b"])
        #expect(list[3].place.line == 7)
    }

    @Test("one step may stand where a list is expected")
    func singleStep() throws {
        let scenario = try read(scenario(flow: "- repeat: 2\n  flow: connect", top: "on: { e: { count: x } }"))
        #expect(scenario.groups[0].handlers[0].steps.count == 1)
        guard case .repeat(let loop) = scenario.groups[0].flow[0].action else { return #expect(Bool(false)) }
        #expect(loop.flow.count == 1)
    }

    @Test(
        "a billion laughs are an error, also as keys",
        arguments: ["x: *i", "? *i\n: 1", "? [*i]\n: 1", "{ *i : 1 }: 2"]
    )
    func billionLaughs(use: String) {
        var text = "a: &a [x, x, x, x, x, x, x, x, x]\n"
        for (previous, next) in zip("abcdefgh", "bcdefghi") {
            text += "\(next): &\(next) [\(Array(repeating: "*\(previous)", count: 9).joined(separator: ", "))]\n"
        }
        #expect(problems(text + use).first?.code == .limit)
    }

    @Test("many stars and question marks in comments and texts are no aliases as keys")
    func starsInComments() throws {
        let stars = "# " + String(repeating: "*a ", count: 60) + "\n"
        #expect(problems(stars + scenario(flow: "- emit: a\n  data: ${env.X ?? \"d\"}")).isEmpty)
    }

    @Test("deep nesting is an error, whoever notices it first", arguments: [65, 400, 5000, 200_000])
    func depth(levels: Int) {
        let text = "a: " + String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        #expect([.limit, .yaml].contains(problems(text).first?.code))
    }

    @Test("a `.json` file is JSON, with lines and columns")
    func json() throws {
        let text = """
            {
              "name": "j", "target": {"url": "http:\\/\\/localhost:3000"},
              "load": [{"for": "1s", "clients": 2}],
              "flow": ["connect", {"emit": "a", "data": {"smile": "\\ud83d\\ude00", "half": "\\ud83d"}}]
            }
            """
        let scenario = try read(text, file: "x.json")
        guard case .emit(let emit) = scenario.groups[0].flow[1].action else { return #expect(Bool(false)) }
        let bytes = try #require(emit.arguments[0].literalBytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "{\"smile\":\"😀\",\"half\":\"\u{FFFD}\"}")
        #expect(problems(text.replacing("  ", with: "\t"), file: "x.json").isEmpty)
        let unknown = problems(text.replacing("\"load\"", with: "\"laod\""), file: "x.json")
        #expect(unknown.map(\.code) == [.unknownKey])
        #expect(unknown.first?.place.line == 3)
        #expect(unknown.first?.place.column == 3)
        let yaml = problems("name: a", file: "x.json")
        #expect(yaml.map(\.code) == [.yaml])
        let broken = problems("{\n  \"a\": tru\n}", file: "x.json")
        #expect(broken.map(\.place.line) == [2])
    }

    @Test("a byte order mark and CR LF do no harm")
    func byteOrderMark() {
        let text = "\u{FEFF}" + scenario(flow: "- connect\n- emitt: a").replacing("\n", with: "\r\n")
        let diagnostics = problems(text)
        #expect(diagnostics.map(\.place.line) == [7])
        #expect(diagnostics.first?.sourceLine == "  - emitt: a")
    }

    @Test(
        "the column of a fault inside a text, however the text is written",
        arguments: [
            ("data: ${x}", 7, 13), ("data: \"${x}\"", 7, 14), ("data: '${x}'", 7, 14),
            ("data: \"\\t\\u00e9${x}\"", 7, 22),
            ("data: 'it''s ${x}'", 7, 20), ("data: |\n      a\n      ${x}", 9, 9), ("data: >\n      a ${x}", 7, 11),
        ]
    )
    func columns(data: String, line: Int, column: Int) {
        let diagnostics = problems(
            flow: "- emit: a\n  \(data.replacing("\n", with: "\n  ").replacing("\n        ", with: "\n    "))"
        )
        #expect(diagnostics.map(\.code) == [.unknownVariable])
        #expect(diagnostics.first?.place.line == line)
        #expect(diagnostics.first?.place.column == column)
    }
}

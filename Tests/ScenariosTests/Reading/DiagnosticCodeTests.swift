import Scenarios
import Testing

@Suite("Faults of a scenario file")
struct DiagnosticCodeTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        var text: String
        var code: Diagnostic.Code
        var testDescription: String { text }

        init(_ text: String, _ code: Diagnostic.Code) {
            self.text = text
            self.code = code
        }
    }

    static let topFaults: [Fault] = [
        Fault("grace: [1s]", .badValue),
        Fault("warmup: 1h", .badValue),
        Fault("vars: [a]", .wrongType),
        Fault("vars: { 1a: 2 }", .badValue),
        Fault("vars: { event: 2 }", .nameClash),
        Fault("vars: { a: \"${b}\", b: 1 }", .unknownVariable),
        Fault("vars: { a: \"${event.x}\" }", .badTemplate),
        Fault("vars: { a: \"${sent.x}\" }", .badTemplate),
        Fault("vars: { a: \"${i}\" }", .unknownVariable),
        Fault("vars: { a: \"${random(1)}\" }", .badTemplate),
        Fault("vars: { a: \"${random(3, 1)}\" }", .badTemplate),
        Fault("vars: { a: \"${random('x', 1)}\" }", .badTemplate),
        Fault("vars: { a: \"${uuid(1)}\" }", .badTemplate),
        Fault("vars: { a: \"${pick()}\" }", .badTemplate),
        Fault("vars: { a: \"${text(2000000)}\" }", .badTemplate),
        Fault("vars: { a: \"${text(client.index)}\" }", .badTemplate),
        Fault("vars: { a: \"${}\" }", .badTemplate),
        Fault("vars: { a: \"${uuid()\" }", .badTemplate),
        Fault("vars: { a: \"${uuid() 3}\" }", .badTemplate),
        Fault("vars: { a: \"${'x}\" }", .badTemplate),
        Fault("vars: { a: \"${client.name}\" }", .unknownVariable),
        Fault("vars: { \"${x}\": 1 }", .badValue),
        Fault("vars: { a: { \"${x}\": 1 } }", .badTemplate),
        Fault("vars: { a: !!binary aGk= }", .yaml),
        Fault("vars: { [a]: 1 }", .yaml),
        Fault("on: [a]", .wrongType),
        Fault("on: { connect: { count: x } }", .badValue),
        Fault("on: { e: { await: f } }", .waitsInHandler),
        Fault("on: { e: connect }", .waitsInHandler),
        Fault("on: { e: { http: GET / } }", .waitsInHandler),
        Fault("on: { e: { emit: f, ack: {} } }", .waitsInHandler),
        Fault("on: { e: { when: event.a, flow: { think: 1s } } }", .waitsInHandler),
        Fault("on: { e: { repeat: forever, flow: { emit: f } } }", .waitsInHandler),
        Fault("on: { e: { pace: 1s } }", .waitsInHandler),
        Fault("on: { e: { wait: event.a } }", .waitsInHandler),
        Fault("on: { e: { stream: s, chunk: c, done: d } }", .waitsInHandler),
        Fault("on: { e: { plan: p, event: c, actions: a, reply: [], done: d } }", .waitsInHandler),
        Fault("on: { e: { choose: [ { flow: { emit: a } }, { flow: { think: 1s } } ] } }", .waitsInHandler),
        Fault("on: { e: { repeat: { for: 1s }, flow: { emit: f } } }", .waitsInHandler),
        Fault("on: { e: { repeat: { until: event.x }, flow: { emit: f } } }", .waitsInHandler),
        Fault("on: { e: { repeat: 3, every: 1s, flow: { emit: f } } }", .waitsInHandler),
        Fault("on: { e: { repeat: { each: list }, every: 1s, flow: { emit: f } } }", .waitsInHandler),
        Fault("vars: { a: \"${item}\" }", .unknownVariable),
        Fault("grace: 10001h", .badValue),
        Fault("grace: 3000000h", .badValue),
        Fault("think: 3s..1s", .badValue),
        Fault("think: { mean: 2s }", .missing),
        Fault("think: { distribution: exponential }", .missing),
        Fault("think: { mean: 2s, distribution: uniform }", .badValue),
        Fault("think: { mean: 0s, distribution: exponential }", .badValue),
        Fault("think: { mean: 1s..2s, distribution: exponential }", .badValue),
        Fault("think: { mean: 1s, distribution: exponential, max: 3s }", .unknownKey),
        Fault("think: [1s]", .badValue),
        Fault("onFailure: ignore", .badValue),
        Fault("onFailure: [abort]", .wrongType),
        Fault("checks: { a: 1 }", .wrongType),
        Fault("checks: [ [a] ]", .wrongType),
        Fault("checks: [ { abort: true } ]", .missing),
        Fault("checks: [ { check: a, after: 1s } ]", .badValue),
        Fault("checks: [ { check: a, abort: maybe } ]", .wrongType),
    ]

    @Test("at the top", arguments: topFaults)
    func top(fault: Fault) {
        #expect(problems(flow: "- connect", top: fault.text).map(\.code) == [fault.code])
    }

    static let stepFaults: [Fault] = [
        Fault("- disconect", .unknownKey),
        Fault("- emit", .missing),
        Fault("- connect: now", .wrongType),
        Fault("-", .missing),
        Fault("- {}", .missing),
        Fault("- emit: a\n  await: b", .unknownKey),
        Fault("- emit: ${uuid()}", .badTemplate),
        Fault("- emit: connect", .badValue),
        Fault("- emit: a\n  data: 1\n  args: [1]", .badValue),
        Fault("- emit: a\n  args: 1", .wrongType),
        Fault("- emit: a\n  ack: 3s", .wrongType),
        Fault("- emit: a\n  ack: { within: 0s }", .badValue),
        Fault("- emit: a\n  ack: { measure: connect }", .nameClash),
        Fault("- emit: a\n  ack: { measure: Big }", .badValue),
        Fault("- emit: a\n  ack: { capture: { event: a } }", .nameClash),
        Fault("- emit: a\n  ack: { capture: { x: a..b } }", .badPath),
        Fault("- emit: a\n  ack: { capture: { x: \"a[b]\" } }", .badPath),
        Fault("- emit: a\n  ack: { capture: { x: [] } }", .missing),
        Fault("- emit: a\n  ack: { capture: { x: args.one } }", .badPath),
        Fault("- http: /path", .badValue),
        Fault("- http: get /path", .badValue),
        Fault("- http: GET path", .badValue),
        Fault("- http: GET /\n  expect: 999", .badValue),
        Fault("- http: GET /\n  headers: { a: [b] }", .wrongType),
        Fault("- connect\n- await: []", .missing),
        Fault("- connect\n- await: { where: { a: 1 } }", .missing),
        Fault("- connect\n- await: a\n  where: event.a ==", .badCondition),
        Fault("- connect\n- await: a\n  where: event.a == 1 == 2", .badCondition),
        Fault("- connect\n- await: a\n  where: event.a 3", .badCondition),
        Fault("- connect\n- await: a\n  where: (event.a", .badCondition),
        Fault("- connect\n- await: a\n  where: { a..b: 3 }", .badPath),
        Fault("- await: a\n  within: 3s", .noCause),
        Fault("- stream: s\n  chunk: c\n  done: d", .noCause),
        Fault("- connect\n- stream: s\n  chunk: c", .missing),
        Fault("- connect\n- stream: s\n  done: d", .missing),
        Fault("- connect\n- stream: s\n  chunk: c\n  done: d\n  final: f", .missing),
        Fault("- connect\n- stream: s\n  chunk: c\n  done: d\n  stall: 0s", .badValue),
        Fault("- connect\n- stream: stream\n  chunk: c\n  done: d", .nameClash),
        Fault("- connect\n- stream: s\n  chunk: c\n  done: d\n- count: s", .nameClash),
        Fault("- connect\n- plan: p\n  event: e\n  actions: a\n  done: d", .missing),
        Fault("- connect\n- plan: p\n  event: e\n  actions: a\n  done: d\n  reply: []\n  cycle: 1", .badValue),
        Fault(
            "- connect\n- plan: p\n  event: e\n  actions: a\n  done: d\n  reply: []\n  clientLimit: never",
            .badValue
        ),
        Fault("- connect\n- await: a\n  since: soon", .noCause),
        Fault("- connect\n- await: a\n  since: m\n  measure: m", .noCause),
        Fault("- connect\n- await: a\n  since: m\n- emit: b\n- await: c\n  measure: m", .noCause),
        Fault("- when: client.index\n  flow: { http: GET /, measure: m }\n  else: { await: a, since: m }", .noCause),
        Fault("- connect\n- await: a\n  since: [connect]", .wrongType),
        Fault("- connect\n- await: a\n  onFailure: retry", .badValue),
        Fault("- emit: a\n  onFailure: continue", .badValue),
        Fault("- think: 1s\n  onFailure: continue", .badValue),
        Fault("- disconnect:\n  onFailure: continue", .badValue),
        Fault("- repeat: 2\n  flow: connect\n  onFailure: continue", .badValue),
        Fault("- connect:\n  within: 2s", .unknownKey),
        Fault("- think: soon", .badValue),
        Fault("- think: { mean: 2s }", .missing),
        Fault("- pace: 0ms", .badValue),
        Fault("- pace: 10/s", .badValue),
        Fault("- wait: client.index ==", .badCondition),
        Fault("- wait: client.index == 1\n  within: 2s", .noCause),
        Fault("- connect\n- wait: client.index == 1\n  within: 0s", .badValue),
        Fault("- connect\n- wait: client.index == 1\n  measure: m", .unknownKey),
        Fault("- choose: { weight: 1, flow: connect }", .wrongType),
        Fault("- choose: []", .missing),
        Fault("- choose: [ { weight: 1 } ]", .missing),
        Fault("- choose: [ connect ]", .wrongType),
        Fault("- choose: [ { weight: 0, flow: connect } ]", .badValue),
        Fault("- choose: [ { weight: 1001, flow: connect } ]", .badValue),
        Fault("- choose: [ { wieght: 3, flow: connect } ]", .unknownKey),
        Fault("- choose: [ { flow: disconect } ]", .unknownKey),
        Fault("- repeat: {}\n  flow: connect", .missing),
        Fault("- repeat: [3]\n  flow: connect", .wrongType),
        Fault("- repeat: { fro: 3s }\n  flow: connect", .unknownKey),
        Fault("- repeat: { for: 3s, until: true }\n  flow: connect", .badValue),
        Fault("- repeat: { for: 0s }\n  flow: connect", .badValue),
        Fault("- repeat: { for: 3 }\n  flow: connect", .badValue),
        Fault("- repeat: { until: i = 3 }\n  flow: connect", .badCondition),
        Fault("- repeat: { each: }\n  flow: connect", .wrongType),
        Fault("- repeat: { each: [] }\n  flow: connect", .missing),
        Fault("- repeat: { each: a..b }\n  flow: connect", .badPath),
        Fault("- repeat: { each: \"${a}\" }\n  flow: connect", .badPath),
        Fault("- repeat: { each: item.list }\n  flow: connect", .unknownVariable),
        Fault("- repeat: 3\n  every: 0s\n  flow: connect", .badValue),
        Fault("- repeat: 3\n  flow: { emit: a, data: \"${item}\" }", .unknownVariable),
        Fault("- repeat: { each: list }\n  flow: connect\n- emit: a\n  data: ${item}", .unknownVariable),
        Fault("- set: { item: 3 }", .nameClash),
        Fault("- repeat: { for: 3s }\n  flow: { emit: a }", .badValue),
        Fault("- repeat: forever\n  flow: { choose: [ { flow: { emit: a } } ] }", .badValue),
        Fault("- repeat: forever\n  flow: { pace: 1s }", .badValue),
        Fault("- set: { x: 1 }\n- repeat: { until: x == 2 }\n  flow: { emit: a }", .badValue),
        Fault("- repeat: 0\n  flow: connect", .badValue),
        Fault("- repeat: 3", .missing),
        Fault("- repeat: forever\n  flow: { emit: a }", .badValue),
        Fault("- when: ${client.index} == 1\n  flow: connect", .badCondition),
        Fault("- when: client.index && true\n  flow: connect", .badCondition),
        Fault("- when: unknown == 1\n  flow: connect", .unknownVariable),
        Fault("- when: task.outcome == 'x'\n  flow: connect", .unknownVariable),
        Fault("- set: 3", .wrongType),
        Fault("- set: { i: 3 }", .nameClash),
        Fault("- count: Ab", .badValue),
        Fault("- fail:", .wrongType),
        Fault("- fail: ${i}", .unknownVariable),
    ]

    @Test("among steps", arguments: stepFaults)
    func step(fault: Fault) {
        #expect(problems(flow: fault.text).map(\.code) == [fault.code])
    }

    static let targetFaults: [Fault] = [
        Fault("{}", .missing),
        Fault("[a]", .wrongType),
        Fault("{ url: localhost }", .badValue),
        Fault("{ url: \"ftp://a\" }", .badValue),
        Fault("{ url: \"http://\" }", .badValue),
        Fault("{ url: \"http://a:99999\" }", .badValue),
        Fault("{ url: \"http://a:b\" }", .badValue),
        Fault("{ url: \"http://[::1\" }", .badValue),
        Fault("{ url: \"http://a?b=c\" }", .badValue),
        Fault("{ url: \"http://me:secret@a\" }", .badValue),
        Fault("{ url: \"http://a/x\", path: /y }", .badValue),
        Fault("{ url: \"practice:\" }", .badValue),
        Fault("{ url: \"${uuid()}\" }", .badTemplate),
        Fault("{ url: \"${session}\" }", .badTemplate),
        Fault("{ url: \"practice:a\", path: x }", .badValue),
        Fault("{ url: \"practice:a\", path: \"/x?y\" }", .badValue),
        Fault("{ url: \"practice:a\", namespace: x }", .badValue),
        Fault("{ url: \"practice:a\", protocol: socketio }", .badValue),
        Fault("{ url: \"practice:a\", transports: websocket }", .wrongType),
        Fault("{ url: \"practice:a\", transports: [websockets] }", .badValue),
        Fault("{ url: \"practice:a\", auth: token }", .wrongType),
        Fault("{ url: \"practice:a\", query: [a] }", .wrongType),
        Fault("{ url: \"practice:a\", query: { a: \"${event.x}\" } }", .badTemplate),
        Fault("{ url: \"practice:a\", timeout: 20 }", .badValue),
        Fault("{ url: \"practice:a\", ulr: x }", .unknownKey),
    ]

    @Test("in the target", arguments: targetFaults)
    func target(fault: Fault) {
        let text = "name: a\ntarget: \(fault.text)\nload: [ { for: 1s, clients: 1 } ]\nflow: [ connect ]"
        #expect(problems(text).map(\.code) == [fault.code])
    }

    static let loadFaults: [Fault] = [
        Fault("3", .wrongType),
        Fault("[]", .wrongType),
        Fault("[ 3 ]", .wrongType),
        Fault("[ { clients: 3 } ]", .missing),
        Fault("[ { for: 3s } ]", .missing),
        Fault("[ { for: 0s, clients: 3 } ]", .badValue),
        Fault("[ { for: 3s, clients: -1 } ]", .badValue),
        Fault("[ { for: 3s, clients: 1.5 } ]", .badValue),
        Fault("[ { for: 3s, clients: 0 } ]", .badValue),
        Fault("[ { for: 3s, arrivals: 20 } ]", .badValue),
        Fault("[ { for: 3s, arrivals: 20/d } ]", .badValue),
        Fault("[ { for: 3s, arrivals: 20/s, clients: 3 } ]", .badValue),
        Fault("[ { for: 3s, clients: 3, limit: 4 } ]", .badValue),
        Fault("[ { for: 3s, arrivals: 20/s, limit: 0 } ]", .badValue),
        Fault("[ { for: 3s, arrivals: 20/s, once: true } ]", .badValue),
        Fault("[ { for: 3s, clients: 20, spacing: poisson } ]", .badValue),
        Fault("[ { for: 3s, clients: 20, once: often } ]", .wrongType),
        Fault("[ { for: 3s, arrivals: 20/s, spacing: random } ]", .badValue),
        Fault("[ { for: 3s, arrivals: 20/s, spaceing: even } ]", .unknownKey),
        Fault("[ { for: 3s, clients: 3, name: Up } ]", .badValue),
        Fault("[ { for: 3s, clients: 3, name: a }, { for: 1s, name: a } ]", .nameClash),
        Fault("[ { for: 3s, client: 3 } ]", .unknownKey),
    ]

    @Test("in the load")
    func load() {
        for fault in Self.loadFaults {
            let text = "name: a\ntarget: { url: \"practice:a\" }\nload: \(fault.text)\nflow: [ connect ]"
            #expect(problems(text).first?.code == fault.code, "\(fault.text)")
        }
    }

    static let fileFaults: [Fault] = [
        Fault("", .missing),
        Fault("   \n# nothing\n", .missing),
        Fault("[a]", .wrongType),
        Fault("a: [", .yaml),
        Fault("a: b: c", .yaml),
        Fault("\tname: a", .yaml),
        Fault("a: *b", .yaml),
        Fault("a: 1\n---\nb: 2", .yaml),
        Fault("a: \u{1}", .yaml),
        Fault("a: 1\n\"a\": 2", .duplicateKey),
    ]

    @Test("of the file itself", arguments: fileFaults)
    func file(fault: Fault) {
        #expect(problems(fault.text).first?.code == fault.code)
    }

    @Test("groups: names, shares, flows and what is missing")
    func groups() {
        let head = "name: a\ntarget: { url: \"practice:a\" }\nload: [ { for: 1s, clients: 1 } ]\n"
        #expect(problems(head).map(\.code) == [.missing])
        #expect(problems(head + "clients: []").map(\.code) == [.wrongType])
        #expect(problems(head + "clients: { all: { flow: connect } }").map(\.code) == [.nameClash])
        #expect(problems(head + "clients: { a/b: { flow: connect } }").map(\.code) == [.badValue])
        #expect(problems(head + "clients: { a: { share: 0, flow: connect } }").map(\.code) == [.badValue])
        #expect(problems(head + "clients: { a: { share: 1 } }").map(\.code) == [.missing])
        #expect(problems(head + "clients: { a: { flow: connect } }\nflow: connect").map(\.code) == [.badValue])
        #expect(problems(head + "clients: { a: { flow: [] } }").map(\.code) == [.missing])
    }

    @Test("a fault at the top that concerns every group is said once")
    func saidOnce() {
        let text = """
            name: a
            target: { url: "practice:a", timeout: 3 }
            load: [ { for: 1s, clients: 1 } ]
            on: { e: { think: 1s } }
            clients: { a: { flow: connect }, b: { flow: connect } }
            """
        #expect(problems(text).map(\.code) == [.badValue, .waitsInHandler])
    }

    @Test("the check's own judge says what is wrong and where")
    func checks() throws {
        let text = scenario(flow: "- connect", top: "checks:\n  - a.p95 < 1s\n  - \"é b.p95 < 1s\"")
        let error = #expect(throws: ScenarioError.self) {
            try read(text) { check, _ in
                guard let found = check.firstRange(of: "b") else { return nil }
                let offset = check.utf8.distance(from: check.startIndex, to: found.lowerBound)
                return CheckProblem(range: offset..<(offset + 1), message: "no 'b'", suggestion: "did you mean 'a'?")
            }
        }
        let diagnostic = try #require(error?.diagnostics.first)
        #expect(diagnostic.code == .badCheck)
        #expect(diagnostic.place.line == 6)
        #expect(diagnostic.place.column == 8)
        #expect(diagnostic.suggestion == "did you mean 'a'?")
    }

    @Test("a URL from the environment or the command line is judged without being shown")
    func secretURL() throws {
        let text = "name: a\ntarget: { url: \"${env.U}\" }\nload: [ { for: 1s, clients: 1 } ]\nflow: connect"
        let diagnostics = problems(text, environment: ["U": "http://me:hunter2@host"])
        #expect(diagnostics.count == 1)
        #expect(!diagnostics[0].rendered(colour: false).contains("hunter2"))
        let error = #expect(throws: ScenarioError.self) {
            try read(scenario(flow: "- connect"), overrides: Overrides(target: "nowhere"))
        }
        #expect(error?.diagnostics.first?.place.file == "--target")
    }

    @Test("a file that is not there, is a folder or is too large")
    func files() {
        let reader = ScenarioReader(environment: [:])
        func code(_ path: String) -> Diagnostic.Code? {
            do throws(ScenarioError) {
                _ = try reader.read(path: path)
                return nil
            } catch {
                return error.diagnostics.first?.code
            }
        }
        #expect(code("/nonexistent/a.yaml") == .file)
        #expect(code("/") == .file)
        #expect(code("/dev/zero") == .limit)
        #expect(problems(String(repeating: "#", count: 1 << 20) + "\na: 1").map(\.code) == [.limit])
    }
}

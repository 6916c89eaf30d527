import Foundation
@testable import Scenarios
import Testing

@Suite("What Socket.IO adds")
struct SocketIOTests {
    @Test("an event of another namespace is written as the wire writes it")
    func namespaces() throws {
        let scenario = try read(
            scenario(
                flow: """
                    - emit: hello
                    - emit: /admin,hello
                      ack: { measure: greeted }
                    - await: /admin,news
                    - await: [ news, "/chat,news" ]
                    - emit: /,hello
                    - emit: /path/without/comma
                    """,
                top: "on: { \"/admin,alarm\": { count: alarms } }"
            )
        )
        let group = scenario.groups[0]
        #expect(group.namespaces == ["/", "/admin", "/chat"])
        #expect(scenario.events == ["/admin,alarm", "/admin,news", "news", "/chat,news"])
        let emits = group.flow.compactMap { if case .emit(let emit) = $0.action { emit } else { nil } }
        #expect(emits.map(\.event) == ["hello", "hello", "hello", "/path/without/comma"])
        #expect(emits.map(\.namespace) == [0, 1, 0, 0])
    }

    @Test("the target's namespace is its first; the default one is spelled '/,'")
    func targetNamespace() throws {
        let text = scenario(flow: "- await: [ news, \"/admin,alarm\", \"/,news\" ]\n- emit: /,hi")
            .replacing("leflux\" }", with: "leflux\", namespace: /admin }")
        let scenario = try read(text)
        #expect(scenario.groups[0].namespaces == ["/admin", "/"])
        #expect(scenario.events == ["news", "alarm", "/,news"])
        guard case .emit(let emit) = scenario.groups[0].flow[1].action else { return #expect(Bool(false)) }
        #expect(emit.namespace == 1)
    }

    @Test(
        "names that no namespace has",
        arguments: ["- emit: /admin,", "- await: \"/a?b,c\"", "- await: /a,connect", "- await: /a,closed"]
    )
    func badNamespaces(flow: String) {
        #expect(problems(flow: flow).map(\.code) == [.badValue])
    }

    @Test("binary arguments are files below the scenario's folder")
    func binary() throws {
        let folder = try TemporaryFolder(["photo.png": "PNG", "data/more.bin": "1234"])
        let flow = """
            - emit: upload
              data: { name: photo }
              binary: photo.png
            - emit: upload
              binary: [ data/more.bin, photo.png ]
            - acknowledge: { ok: true }
              binary: photo.png
            """
        let steps = try folder.read(scenario(flow: flow)).groups[0].flow
        guard case .emit(let one) = steps[0].action, case .emit(let two) = steps[1].action,
            case .acknowledge(let answer) = steps[2].action
        else { return #expect(Bool(false)) }
        #expect(one.attachments == [ScenarioFile(name: "photo.png", bytes: Array("PNG".utf8))])
        #expect(two.attachments.map(\.name) == ["data/more.bin", "photo.png"])
        #expect(two.arguments.isEmpty)
        #expect(answer.attachments.map(\.bytes.count) == [3])
    }

    @Test("acknowledge: alone, with data, with arguments; in a handler too")
    func acknowledge() throws {
        let flow = """
            - acknowledge
            - acknowledge: { ok: true }
            - acknowledge: "${event.id}"
            - acknowledge:
              args: [ 1, two ]
            """
        let group = try read(scenario(flow: flow, top: "on: { ask: [ acknowledge ] }")).groups[0]
        let answers = (group.flow + group.handlers[0].steps).compactMap { step -> Acknowledge? in
            if case .acknowledge(let answer) = step.action { answer } else { nil }
        }
        #expect(answers.map(\.arguments.count) == [0, 1, 1, 2, 0])
        var values = clientValues(group)
        #expect(answers[1].arguments[0].rendered(&values) == #"{"ok":true}"#)
        #expect(group.readsEvent)
        #expect(problems(flow: "- acknowledge: 1\n  args: [ 2 ]").map(\.code) == [.badValue])
        #expect(problems(flow: "- acknowledge: 1\n  onFailure: abort").map(\.code) == [.badValue])
    }

    @Test(
        "transports",
        arguments: [
            ("[websocket]", .webSocket), ("[polling]", .polling), ("[polling, websocket]", .pollingThenWebSocket),
        ] as [(String, Target.Transports)]
    )
    func transports(text: String, expected: Target.Transports) throws {
        let text = scenario(flow: "- connect").replacing("leflux\" }", with: "leflux\", transports: \(text) }")
        #expect(try read(text).groups[0].target.transports == expected)
    }

    @Test(
        "transports that there are not",
        arguments: ["[websocket, polling]", "[polling, polling]", "[]", "polling", "[webtransport]", "[poling]"]
    )
    func badTransports(text: String) {
        let diagnostics = problems(
            scenario(flow: "- connect").replacing("leflux\" }", with: "leflux\", transports: \(text) }")
        )
        #expect(diagnostics.count == 1)
    }

    @Test("a send that the socket does not take may fail, so that `onFailure` means something")
    func overflow() throws {
        let text = scenario(flow: "- emit: a\n  onFailure: continue")
        #expect(problems(text).map(\.code) == [.badValue])
        let fails = text.replacing("leflux\" }", with: "leflux\", outbound: { overflow: fail } }")
        #expect(try read(fails).groups[0].flow[0].onFailure == .continue)
    }

    @Test("what happens to a connection is an event: awaited, streamed, handled")
    func connectionEvents() throws {
        let flow = """
            - connect
            - await: refused
              since: connect
              measure: turned_down
            - stream: answer
              chunk: chunk
              done: [ done, closed ]
            - plan: task
              event: plan
              actions: actions
              reply: []
              done: done
              refuse: { event: closed, where: { code: 1008 } }
            """
        let scenario = try read(scenario(flow: flow, top: "on: { closed: { count: hang_ups } }"))
        #expect(scenario.events == ["closed", "refused", "chunk", "done", "plan"])
        #expect(scenario.warnings.isEmpty)
    }

    @Test("since: of every step that waits for something")
    func since() throws {
        let flow = """
            - emit: ask
              ack: { measure: asked }
            - stream: answer
              chunk: chunk
              done: done
              since: asked
            - plan: task
              event: plan
              actions: actions
              reply: []
              done: done
              since: connect
            - wait: client.index == 0
              within: 1s
              since: asked
            """
        let steps = try steps(flow)
        guard case .stream(let stream) = steps[1].action, case .plan(let plan) = steps[2].action,
            case .wait(let wait) = steps[3].action
        else { return #expect(Bool(false)) }
        #expect(stream.since == .measure("asked"))
        #expect(plan.since == .connect)
        #expect(wait.since == .measure("asked"))
        // With `since` nothing needs to have been sent before.
        #expect(problems(flow: "- stream: s\n  chunk: c\n  done: d\n  since: connect").isEmpty)
        #expect(problems(flow: "- wait: client.index\n  within: 1s\n  since: connect").isEmpty)
        #expect(problems(flow: "- connect\n- stream: s\n  chunk: c\n  done: d\n  since: x").map(\.code) == [.noCause])
    }
}

import NIOCore
import Testing

@testable import Scenarios

@Suite("What a conversion recognises")
struct RecognitionTests {
    @Test("An index that counts up, a key and an end are a stream; its text is found")
    func stream() {
        let recording = socketIORecording([
            #">["ask",{"q":"a"}]"#, #"<["part",{"d":"He","n":0,"sid":"s-1"}]"#,
            #"<["part",{"d":"llo","n":1,"sid":"s-1"}]"#,
            #"<["other",{"x":1}]"#, #"<["part",{"d":"!","n":2,"sid":"s-1"}]"#,
            #"<["finished",{"all":"Hello!","sid":"s-1"}]"#,
        ])
        let flow = converted(recording)
        #expect(
            flow.contains(
                """
                  - stream: reply
                    chunk: part
                    done: finished
                    key: sid
                    index: n
                    text: d
                    final: all
                    within: 10s
                  - await: other
                """
            ),
            "\(flow)"
        )
    }

    @Test("Chunks out of order and with gaps are a stream still")
    func brokenStream() {
        let recording = socketIORecording(
            [#">["ask",{}]"#] + [0, 1, 2, 3, 5, 4, 6, 7, 8, 9, 10, 11].map { #"<["c",{"i":\#($0),"t":"x"}]"# } + [
                #"<["c_done",{}]"#
            ]
        )
        #expect(converted(recording).contains("index: i"))
    }

    @Test("A number that does not count from 0, or events without an end, are no stream")
    func noStream() {
        let prices = socketIORecording(
            ["a", "b", "c", "d"].map { #"<["price",{"id":"\#($0)1","value":\#($0 == "a" ? 5 : 7)}]"# }
        )
        #expect(!converted(prices).contains("stream:"))
        let cut = socketIORecording([#">["ask",{}]"#, #"<["c",{"i":0}]"#, #"<["c",{"i":1}]"#, #"<["c",{"i":2}]"#])
        #expect(!converted(cut).contains("stream:"))
    }

    @Test("A loop of plans and answers is a plan, with what the answers take from it")
    func plan() {
        func plan(_ id: String, _ element: Int) -> String {
            #"<["action_plan",{"actions":[{"id":"\#(id)","type":"click","elementId":\#(element)}]}]"#
        }
        func answer(_ id: String, _ element: Int) -> String {
            #">["done_one",{"actionId":"\#(id)","on":\#(element),"ok":true}]"#
        }
        let recording = socketIORecording([
            #">["start",{}]"#, plan("action-17001", 12), answer("action-17001", 12), plan("action-17002", 19),
            answer("action-17002", 19), #"<["task_complete",{"summary":"done"}]"#,
        ])
        #expect(
            converted(recording).contains(
                """
                  - plan: task
                    event: action_plan
                    actions: actions
                    reply:
                      - think: 100ms
                      - emit: done_one
                        data: { actionId: "${event.actions.0.id}", on: "${event.actions.0.elementId}", ok: true }
                    done: task_complete
                    same: [ type, elementId ]
                    within: 1m
                """
            ),
            "\(converted(recording))"
        )
        #expect(converted(recording, comments: true).contains("# a loop: action_plan came 2 times"))
    }

    @Test("A loop without an end says so, and what the client left unanswered is its limit")
    func endlessPlan() {
        let rounds = (0..<4).flatMap { [#"<["action_plan",{"steps":[{"type":"go"}]}]"#, #">["ok",{"n":\#($0)}]"#] }
        let endless = converted(socketIORecording([#">["start",{}]"#] + rounds), comments: true)
        #expect(endless.contains("done: closed") && endless.contains("write the event that says it is done"))
        #expect(!endless.contains("clientLimit"))
        let limited = converted(
            socketIORecording([#">["start",{}]"#] + rounds + [#"<["action_plan",{"steps":[{"type":"go"}]}]"#])
        )
        #expect(limited.contains("clientLimit: 4"), "\(limited)")
    }

    @Test("A stretch that comes again is a loop: think times become ranges, fixed values a list")
    func loop() {
        let recording = socketIORecording(
            ["one", "two", "three"].flatMap {
                ["+\($0.count * 1000)", #">["say",{"text":"\#($0)","by":"me"}]"#, #"<["said",{}]"#]
            }
        )
        let flow = converted(recording)
        #expect(
            flow == """
                  - connect
                  - repeat: { each: texts }
                    flow:
                      - think: 3.1s..5.1s
                      - emit: say
                        data: { text: "${item}", by: me }
                      - await: said
                        measure: said
                  - think: 100ms
                  - disconnect
                """
        )
        #expect(converted(recording, "vars").hasPrefix("  texts: [ one, two, three ]"))
    }

    @Test("News that come often are counted by a handler, and take no step")
    func handler() {
        let recording = socketIORecording(
            [#">["watch",{}]"#, #"<["watching",{}]"#] + (0..<6).map { #"<["tick",{"p":\#($0 * 7)}]"# }
        )
        #expect(converted(recording, "on") == "  tick: { count: tick }")
        #expect(!converted(recording).contains("await: tick"))
    }

    @Test("Acknowledgements of both sides are steps, and their values are correlated")
    func acknowledgements() {
        let recording = recording(
            .socketIO,
            "/socket.io/?EIO=4&transport=websocket",
            [
                "<0{\"sid\":\"a\",\"pingInterval\":1,\"pingTimeout\":1}", ">40/admin,{\"token\":\"«redacted:1»\"}",
                "<40/admin,{}",
                #">42/admin,7["save",{"a":1}]"#, #"<43/admin,7[{"id":"doc-9001"}]"#, #"<42/admin,3["check",{}]"#,
                #">43/admin,3["fine"]"#, #">42/admin,["load",{"id":"doc-9001"}]"#, "<2", ">3",
            ]
        )
        let flow = converted(recording)
        #expect(flow.contains("ack: { within: 10s, capture: { id: id } }"), "\(flow)")
        #expect(flow.contains("- acknowledge:\n    args: [ fine ]"))
        #expect(flow.contains(##"data: { id: "${id}" }"##))
        #expect(converted(recording, "target").contains("namespace: /admin"))
        #expect(converted(recording, "target").contains(##"auth: { token: "${env.TOKEN}" }"##))
    }

    @Test("A plain WebSocket's envelope and heartbeats are told from its messages")
    func envelope() {
        let ids = ["0011aace-8bd3-46bd-959d-1b26d244da16", "24bd1003-8b6e-485a-b9be-9af6baa873fd"]
        let recording = webSocketRecording([
            #">{"op":"join","data":{"room":"a"},"id":"\#(ids[0])"}"#,
            #"<{"op":"joined","data":{"n":2},"re":"\#(ids[0])"}"#,
            "+20000", #">{"op":"ping","data":{},"id":"\#(ids[1])"}"#, #"<{"op":"pong","data":{}}"#,
        ])
        #expect(
            converted(recording, "target").hasSuffix(
                """
                  path: /ws
                  envelope:
                    send: { op: "${emit}", data: "${data}", id: "${uuid()}" }
                    event: op
                    data: data
                  heartbeat: { every: 20s, emit: ping, await: pong }
                """
            ),
            "\(converted(recording, "target"))"
        )
        #expect(converted(recording).contains(##"where: { "$.re": "${sent.$.id}" }"##))
    }

    @Test("Without an envelope texts are sent as they are")
    func texts() {
        let recording = webSocketRecording([">hello", "<hi", ">{\"x\":1,\"y\":\"b\"}", "<[1]"])
        let flow = converted(recording)
        #expect(flow.contains("- send: hello\n  - await: message"), "\(flow)")
        #expect(flow.contains("- send: { x: 1, y: b }"))
    }

    @Test("A connection that comes back is the same client; those at once are groups")
    func connections() throws {
        var recording = socketIORecording([#">["a",{}]"#])
        let again = recording.entries.map { entry in
            RecordingEntry(time: entry.time + .seconds(5), connection: 2, content: entry.content)
        }
        recording.entries += again
        #expect(converted(recording).components("- connect") == 2)
        #expect(converted(recording).contains("- think: 4.5s\n  - connect"), "\(converted(recording))")
        recording = socketIORecording([#">["a",{}]"#])
        recording.entries += recording.entries.map { entry in
            RecordingEntry(time: entry.time + .milliseconds(1), connection: 2, content: entry.content)
        }
        recording.entries +=
            recording.entries.prefix(4) + [
                RecordingEntry(time: .milliseconds(350), connection: 3, content: recording.entries[0].content)
            ]
        let text = try #require(Converter.convert(recording, source: "a")?.scenario)
        #expect(text.contains("clients:\n  client1:\n    share: 2") && text.contains("client2:"), "\(text)")
        _ = try read(text)
    }
}

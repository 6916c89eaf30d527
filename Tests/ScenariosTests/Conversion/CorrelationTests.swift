import NIOCore
import Testing

@testable import Scenarios

@Suite("Where a recording's values come from")
struct CorrelationTests {
    private static let uuid = "0011aace-8bd3-46bd-959d-1b26d244da16"
    private static let other = "24bd1003-8b6e-485a-b9be-9af6baa873fd"

    @Test("What the server said first is captured, also as a part of another text")
    func capture() {
        let recording = socketIORecording([
            #">["open",{}]"#, #"<["opened",{"ticket":"tk-77812","list":[{"id":4711}]}]"#,
            #">["use",{"t":"tk-77812","path":"/a/tk-77812/b","pick":{"id":4711}}]"#, #"<["used"]"#,
        ])
        let flow = converted(recording)
        #expect(flow.contains("capture: { ticket: ticket, id: list.0.id }"), "\(flow)")
        #expect(
            flow.contains(##"data: { t: "${ticket}", path: "/a/${ticket}/b", pick: { id: "${id}" } }"##),
            "\(flow)"
        )
    }

    @Test("An id of the client's own becomes a variable, and what names it again is a condition")
    func clientsID() {
        let recording = socketIORecording([
            ">[\"join\",{\"session\":\"\(Self.uuid)\"}]", "<[\"joined\",{\"session\":\"\(Self.uuid)\",\"n\":1}]",
        ])
        #expect(converted(recording, "vars").hasPrefix("  session: ${uuid()}   # first sent by the client, in join"))
        #expect(
            converted(recording)
                == """
                  - connect
                  - think: 400ms
                  - emit: join
                    data: { session: "${session}" }
                  - await: joined
                    where: { session: "${session}" }
                    measure: joined
                  - think: 100ms
                  - disconnect
                """
        )
    }

    @Test("An id that is never seen again is made where it is sent")
    func idOnce() {
        let recording = socketIORecording([">[\"ask\",{\"id\":\"q-\(Self.uuid)\"}]", #"<["answer"]"#])
        #expect(converted(recording).contains(##"data: { id: "q-${uuid()}" }"##))
        #expect(converted(recording, "vars") == "")
    }

    @Test("Times of now become the clock's; others stay")
    func times() {
        let recording = socketIORecording([
            #">["t",{"at":"2026-01-31T09:05:00.412Z","ms":1769850300412,"birth":"1970-03-01T00:00:00Z"}]"#
        ])
        #expect(
            converted(recording).contains(
                ##"data: { at: "${iso()}", ms: "${now()}", birth: "1970-03-01T00:00:00Z" }"##
            ),
            "\(converted(recording))"
        )
    }

    @Test("A redacted secret is read from the environment, unless the server said it first")
    func secrets() throws {
        let recording = socketIORecording([
            #">["login",{"password":"«redacted:1»"}]"#, #"<["welcome",{"token":"«redacted:2»"}]"#,
            #">["use",{"token":"«redacted:2»","auth":"Bearer «redacted:2»"}]"#,
        ])
        let result = try #require(Converter.convert(recording, source: "a"))
        #expect(result.environment == ["PASSWORD"])
        #expect(result.warnings == ["secrets were redacted: set PASSWORD in the environment"])
        let flow = converted(recording)
        #expect(flow.contains(##"data: { password: "${env.PASSWORD}" }"##))
        #expect(flow.contains("capture: { token: token }"))
        #expect(flow.contains(##"data: { token: "${token}", auth: "Bearer ${token}" }"##), "\(flow)")
    }

    @Test("Words, small numbers and flags that both sides say are no correlation")
    func words() {
        let recording = socketIORecording([
            #"<["state",{"status":"success","n":3,"ok":true,"kind":"order"}]"#,
            #">["say",{"status":"success","n":3,"ok":true,"kind":"order"}]"#,
        ])
        #expect(converted(recording).contains("data: { status: success, n: 3, ok: true, kind: order }"))
        #expect(!converted(recording).contains("capture"))
    }

    @Test("A text that looks like a template stays what it was")
    func templates() throws {
        let recording = socketIORecording([##">["say",{"text":"a ${uuid()} \u2028 # b: c"}]"##])
        let text = try #require(Converter.convert(recording, source: "a")?.scenario)
        let flow = try read(text).groups[0].flow
        var values = clientValues(try read(text).groups[0])
        guard case .emit(let emit)? = flow.first(where: { if case .emit = $0.action { true } else { false } })?.action
        else {
            throw FixtureProblem()
        }
        var buffer = ByteBuffer()
        emit.arguments[0].append(to: &buffer, &values, event: nil)
        #expect(String(buffer: buffer) == "{\"text\":\"a ${uuid()} \u{2028} # b: c\"}")
    }

    @Test("A value that the same field has later does not take the earlier one's place")
    func stale() throws {
        let recording = socketIORecording([
            #"<["made",{"id":"item-1001"}]"#, #">["next",{}]"#, #"<["made",{"id":"item-1002"}]"#,
            #">["drop",{"first":"item-1001","second":"item-1002"}]"#,
        ])
        let flow = converted(recording)
        #expect(flow.contains(##"data: { first: "${id}", second: "${id2}" }"##), "\(flow)")
        #expect(flow.components("capture:") == 2, "\(flow)")
    }
}

extension String {
    /// How often a text stands in it.
    func components(_ text: String) -> Int { ranges(of: text).count }
}

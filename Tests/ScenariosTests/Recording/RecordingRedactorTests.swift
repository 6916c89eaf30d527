import NIOCore
import Testing

@testable import Scenarios

@Suite("Redacting secrets")
struct RecordingRedactorTests {
    private func text(_ text: String, _ redactor: inout RecordingRedactor) -> String {
        let entry = RecordingEntry(time: .zero, connection: 1, content: .out(RecordedMessage(text: text)))
        guard case .out(let message) = redactor.redact(entry).content else { return "" }
        return message.body.text
    }

    @Test(
        "Secrets in messages become placeholders",
        arguments: [
            (
                #"42["login",{"user":"ann","password":"hunter2"}]"#,
                #"42["login",{"user":"ann","password":"«redacted:1»"}]"#
            ),
            (#"40{"token":"abc"}"#, #"40{"token":"«redacted:1»"}"#),
            (#"{"api_key":12345,"n":12345}"#, #"{"api_key":"«redacted:1»","n":12345}"#),
            (
                #"{"secret":{"a":"x","b":[1,true,null]}}"#,
                #"{"secret":{"a":"«redacted:1»","b":["«redacted:2»",true,null]}}"#
            ),
            (#"{"body":"{\"accessToken\":\"q\"}"}"#, #"{"body":"{\"accessToken\":\"«redacted:1»\"}"}"#),
            ("user=ann&password=a%20b&x=1", "user=ann&password=«redacted:1»&x=1"),
            (#"{"url":"https://a/?token=t1#x"}"#, #"{"url":"https://a/?token=«redacted:1»#x"}"#),
            ("https://ann:pw@host/", "https://ann:«redacted:1»@host/"),
            (#"42["token","abc"]"#, #"42["token","«redacted:1»"]"#),
            (#"{"authorization":"Bearer xyz"}"#, #"{"authorization":"Bearer «redacted:1»"}"#),
            (#"{"x":"eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0"}"#, #"{"x":"«redacted:1»"}"#),
            (#"{"password":"cut of"#, #"{"password":"«redacted:1»"#),
            (
                #"{"maxTokens":5,"sessionId":"abc-123","tokens":[1]}"#,
                #"{"maxTokens":5,"sessionId":"abc-123","tokens":[1]}"#
            ),
        ]
    )
    func messages(text: String, redacted: String) {
        var redactor = RecordingRedactor()
        #expect(self.text(text, &redactor) == redacted)
        var keeping = RecordingRedactor(keepsSecrets: true)
        #expect(self.text(text, &keeping) == text)
        #expect(keeping.names.isEmpty && redactor.names.contains("cookie"))
    }

    @Test("Equal secrets stay equal, and a secret once seen is found wherever it comes")
    func correlation() {
        var redactor = RecordingRedactor()
        #expect(text(#"{"token":"s3cret-value"}"#, &redactor) == #"{"token":"«redacted:1»"}"#)
        #expect(text(#"{"token":"other"}"#, &redactor) == #"{"token":"«redacted:2»"}"#)
        #expect(text(#"{"t":"s3cret-value"}"#, &redactor) == #"{"t":"«redacted:1»"}"#)
        #expect(text("GET /a/s3cret-value/b s3cret-value", &redactor) == "GET /a/«redacted:1»/b «redacted:1»")
        #expect(
            text(#"{"t":"«redacted:1»","token":"«redacted:1»"}"#, &redactor)
                == #"{"t":"«redacted:1»","token":"«redacted:1»"}"#
        )
    }

    @Test("A secret planted in headers, queries, bodies and texts is nowhere in the file")
    func planted() {
        let secret = "planted-5ecret/+="
        let encoded = "planted-5ecret%2F%2B%3D"
        let headers = [
            RecordedHeader("Cookie", "sid=\(secret); lang=en"), RecordedHeader("X-Trace", "a \(secret)"),
            RecordedHeader("Proxy-Authorization", "Basic \(secret)"),
            RecordedHeader("Referer", "http://a/?x=\(encoded)"),
        ]
        let contents: [RecordingEntry.Content] = [
            .open(
                RecordedOpening(
                    url: "ws://a",
                    path: "/?token=\(encoded)&z=1",
                    requestHeaders: headers,
                    responseHeaders: [RecordedHeader("Set-Cookie", "sid=\(secret); Path=/; HttpOnly")]
                )
            ),
            .out(RecordedMessage(text: "40{\"auth\":\"\(secret)\"}")),
            .in(RecordedMessage(text: "42[\"news\",{\"deep\":[{\"text\":\"see \(secret)!\"}]}]")),
            .in(RecordedMessage(RecordedBody(bytes: ByteBuffer(string: "{\"pwd\":\"\(secret)\"}"), isBinary: true))),
            .close(RecordedClosing(code: 1008, reason: "bad \(secret)")),
            .error("no \(secret)"),
            .http(
                RecordedExchange(
                    method: "POST",
                    url: "http://a/login?q=\(encoded)",
                    requestHeaders: headers,
                    requestBody: RecordedBody(text: "password=\(encoded)"),
                    responseBody: RecordedBody(text: "{\"json\":\"{\\\"k\\\":\\\"\(secret)\\\"}\"}")
                )
            ),
        ]
        var redactor = RecordingRedactor()
        var recording = Recording(header: redactor.redact(RecordingHeader(target: "ws://u:\(encoded)@a")))
        recording.entries = contents.map { redactor.redact(RecordingEntry(time: .zero, connection: 1, content: $0)) }
        #expect(!recording.text.contains("5ecret"))
        #expect(recording.text.contains("sid=«redacted:1»; Path=/; HttpOnly"))
    }
}

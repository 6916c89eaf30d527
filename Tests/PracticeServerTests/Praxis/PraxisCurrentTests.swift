import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct PraxisCurrentTests {
    typealias Driver = SocketDriver<PraxisCurrentDialect>

    @Test("Nobody is welcomed; anything unknown is taken for the first message, without an id")
    func welcome() throws {
        var driver = Driver()
        let client = try driver.open()
        #expect(driver.names(client) == [])
        for type in ["PING", "SUBSCRIBE_EVENTS", "dance"] { driver.say(type, from: client) }
        driver.send("{}", from: client)
        #expect(driver.names(client) == Array(repeating: "chatMessage", count: 4))
        #expect(
            driver.messages(client).allSatisfy {
                $0.jsonText
                    == #"{"type":"chatMessage","payload":{"content":"Connected to Praxis Agent","sender":"system","#
                    + #""type":"system"}}"#
            }
        )
    }

    @Test("A command takes 100 ms, and nothing else of its socket is read meanwhile")
    func command() throws {
        var driver = Driver()
        let client = try driver.open()
        let other = try driver.open()
        driver.say("DSL_COMMAND", #"{"command":"one"}"#, from: client)
        driver.say("CHAT_MESSAGE", #"{"content":"hi"}"#, from: client)
        driver.say("DSL_COMMAND", #"{"command":"two"}"#, from: client)
        driver.say("PING", from: client)
        driver.say("PING", from: other)
        driver.pass(.milliseconds(99))
        #expect(driver.names(client) == ["dslProgress"])
        #expect(driver.names(other) == ["chatMessage"])
        driver.pass(.milliseconds(1))
        #expect(driver.names(client) == ["dslProgress", "dslResult", "chatMessage", "dslProgress"])
        driver.pass(.milliseconds(100))
        #expect(driver.names(client).suffix(2) == ["dslResult", "chatMessage"])
        let result = driver.payloads(client, "dslResult")[1]
        #expect(result["command"] == .string("two"))
        #expect(result["success"] == .bool(true))
        #expect(result["processTime"] == .number(0.1))
        #expect(driver.payloads(client, "chatMessage")[0]["content"] == .string("I received your message: hi"))
    }

    @Test("A workflow starts, and nothing comes after that")
    func workflow() throws {
        var driver = Driver()
        let client = try driver.open()
        driver.say("EXECUTE_WORKFLOW", #"{"workflow":{"id":"w","nodes":[{"id":"a"}],"edges":[]}}"#, from: client)
        driver.say("EXECUTE_WORKFLOW", #"{"workflowId":"ignored"}"#, from: client)
        driver.pass(.minutes(5))
        #expect(driver.names(client) == ["workflowStart", "workflowStart"])
        let starts = driver.payloads(client, "workflowStart")
        #expect(starts.map { $0["workflowId"]?.text } == ["w", "test-workflow"])
        #expect(starts[0]["nodes"]?.jsonText == #"[{"id":"a"}]"#)
        #expect(starts[0]["executionId"] != starts[1]["executionId"])
    }

    @Test(
        "What cannot be read is answered by an error, as often as you like",
        arguments: [
            ("x", "PARSE_ERROR", "Invalid JSON format"),
            ("[]", "INTERNAL_ERROR", "'list' object has no attribute 'get'"),
            ("-7", "INTERNAL_ERROR", "'int' object has no attribute 'get'"),
            ("7.5", "INTERNAL_ERROR", "'float' object has no attribute 'get'"),
            (#"{"type":"DSL_COMMAND","payload":null}"#, "INTERNAL_ERROR", "'NoneType' object has no attribute 'get'"),
            (#"{"type":"CHAT_MESSAGE","payload":"x"}"#, "INTERNAL_ERROR", "'str' object has no attribute 'get'"),
            (
                #"{"type":"EXECUTE_WORKFLOW","payload":{"workflow":true}}"#, "INTERNAL_ERROR",
                "'bool' object has no attribute 'get'"
            ),
        ]
    )
    func errors(text: String, code: String, message: String) throws {
        var driver = Driver()
        let client = try driver.open()
        for _ in 0..<20 { driver.send(text, from: client) }
        #expect(driver.payloads(client, "error").count == 20)
        let payload = #"{"message":"\#(message)","code":"\#(code)"}"#
        #expect(driver.payloads(client, "error").allSatisfy { $0.jsonText == payload })
        driver.sendBinary([1], from: client)
        #expect(driver.payloads(client, "error").last?["message"] == .string("'text'"))
    }

    @Test("A client that leaves while its command is worked on hears nothing, and one that floods is closed")
    func ends() throws {
        var driver = Driver()
        let client = try driver.open()
        driver.say("DSL_COMMAND", #"{"command":"one"}"#, from: client)
        driver.close(client)
        driver.pass(.seconds(1))
        #expect(driver.names(client) == ["dslProgress"])
        let flooding = try driver.open()
        driver.say("DSL_COMMAND", #"{"command":"one"}"#, from: flooding)
        for _ in 0..<PraxisCurrentDialect.waitingLimit { driver.send("{}", from: flooding) }
        #expect(driver.closed[flooding] == nil)
        driver.send("{}", from: flooding)
        #expect(driver.closed[flooding]?.code == 1008)
    }

    @Test("There is no limit, unless the server was told one; then 403 comes before the WebSocket")
    func limit() throws {
        var driver = Driver()
        for _ in 0..<300 { _ = try driver.open() }
        var limited = Driver([.maxConnections(2)])
        let first = try limited.open()
        _ = try limited.open()
        #expect(throws: Refused(status: 403)) { try limited.open() }
        limited.close(first)
        _ = try limited.open()
        #expect(limited.truth.connections.overLimit == 1)
    }

    @Test("Every request is an error of the server's")
    func requests() throws {
        var driver = Driver()
        for path in ["/stats", "/health", "/"] {
            let (status, answer) = driver.request("GET", path)
            #expect(status == 500)
            #expect(answer["error"] == .string("Internal server error"))
        }
    }
}

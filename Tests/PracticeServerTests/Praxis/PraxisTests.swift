import NIOCore
import Testing
import Wire

@testable import PracticeServer

typealias PraxisDriver = SocketDriver<PraxisDialect>

extension SocketDriver {
    /// Sends an envelope.
    mutating func say(_ type: String, _ payload: String = "{}", id: String = "m1", from socket: SocketID) {
        send(#"{"type":"\#(type)","payload":\#(payload),"id":"\#(id)","timestamp":"x"}"#, from: socket)
    }
}

@Suite struct PraxisTests {
    @Test("A client is welcomed, on both endpoints alike, and every message has an id and a time")
    func welcome() throws {
        #expect(PraxisDialect.endpoints.map(\.path) == ["/ws/events", "/ws/workflow"])
        var driver = PraxisDriver()
        let client = try driver.open("/ws/workflow")
        let welcome = driver.messages(client)[0]
        #expect(driver.names(client) == ["chatMessage"])
        #expect(
            welcome["payload"]?.jsonText
                == #"{"content":"Connected to Praxis Agent","sender":"system","type":"system"}"#
        )
        #expect(welcome["id"]?.text.map(isUUID) == true)
        #expect(welcome["timestamp"] == .string("2023-11-14T22:13:20.000Z"))
        #expect(welcome["correlation_id"] == nil)
    }

    @Test("A DSL command has its progress and then its result, which carry the command's id")
    func command() throws {
        var driver = PraxisDriver()
        let client = try driver.open()
        driver.say("DSL_COMMAND", #"{"command":"sum up ü"}"#, id: "c1", from: client)
        driver.pass(.milliseconds(34))
        #expect(driver.names(client) == ["chatMessage", "dslProgress", "dslProgress", "dslProgress"])
        driver.pass(.milliseconds(1))
        #expect(driver.names(client).last == "dslResult")
        let progress = driver.payloads(client, "dslProgress")
        #expect(progress.map { $0["stage"]?.text } == ["analyzing", "planning", "executing"])
        #expect(progress.allSatisfy { $0["details"]?["command"] == .string("sum up ü") })
        let result = driver.payloads(client, "dslResult")[0]
        #expect(result["success"] == .bool(true))
        #expect(result["command"] == .string("sum up ü"))
        #expect(result["processTime"] == .number(0.035))
        #expect(driver.messages(client).dropFirst().allSatisfy { $0["correlation_id"] == .string("c1") })
        #expect(Set(driver.messages(client).map { $0["id"]?.text }).count == 5)
    }

    @Test("An empty command succeeds in nothing")
    func emptyCommand() throws {
        var driver = PraxisDriver()
        let client = try driver.open()
        driver.say("DSL_COMMAND", #"{"command":""}"#, from: client)
        driver.pass(.seconds(1))
        #expect(driver.names(client) == ["chatMessage", "dslResult"])
        #expect(driver.payloads(client, "dslResult")[0]["success"] == .bool(false))
    }

    @Test("What comes of a command goes to everyone, with one id")
    func broadcast() throws {
        var driver = PraxisDriver()
        let sender = try driver.open("/ws/events")
        let other = try driver.open("/ws/workflow")
        driver.say("DSL_COMMAND", #"{"command":"x"}"#, from: sender)
        driver.say("CHAT_MESSAGE", #"{"content":"y"}"#, from: sender)
        driver.say("PING", from: sender)
        driver.pass(.seconds(1))
        #expect(driver.names(other) == ["chatMessage", "dslProgress", "dslProgress", "dslProgress", "dslResult"])
        #expect(driver.messages(sender, "dslProgress") == driver.messages(other, "dslProgress"))
        #expect(driver.names(sender).count == 7)
        #expect(driver.truth.deliveries.expected == 8)
    }

    @Test("Chat is answered to its sender, pings at once")
    func chat() throws {
        var driver = PraxisDriver()
        let client = try driver.open()
        driver.say("CHAT_MESSAGE", #"{"content":"How far \"are\" you"}"#, id: "q", from: client)
        driver.say("PING", id: "p", from: client)
        #expect(driver.names(client) == ["chatMessage", "PONG"])
        let pong = driver.messages(client, "PONG")[0]
        #expect(pong["payload"]?.jsonText == #"{"timestamp":"2023-11-14T22:13:20.000Z"}"#)
        #expect(pong["correlation_id"] == .string("p"))
        driver.pass(.milliseconds(5))
        let reply = driver.messages(client)[2]
        #expect(reply["payload"]?["content"] == .string(#"Processing: How far "are" you"#))
        #expect(reply["payload"]?["sender"] == .string("assistant"))
        #expect(reply["correlation_id"] == .string("q"))
    }

    @Test("A client that subscribed gets what it subscribed to, until it no longer wants it")
    func subscription() throws {
        var driver = PraxisDriver()
        let sender = try driver.open()
        let client = try driver.open()
        driver.say("SUBSCRIBE_EVENTS", #"{"event_types":["dslResult","TASK_STARTED"]}"#, id: "s", from: client)
        let confirmation = driver.messages(client)[1]
        #expect(confirmation["payload"]?["content"] == .string("Subscribed to 2 event types"))
        #expect(confirmation["correlation_id"] == .string("s"))
        driver.say("DSL_COMMAND", #"{"command":"x"}"#, from: sender)
        driver.say("EXECUTE_WORKFLOW", #"{"workflowId":"w"}"#, from: sender)
        driver.pass(.seconds(1))
        #expect(driver.names(client).dropFirst(2) == ["workflowStart", "dslResult"])
        driver.say("UNSUBSCRIBE_EVENTS", #"{"event_types":["DSL_RESULT"]}"#, from: client)
        driver.say("SUBSCRIBE_EVENTS", #"{"event_types":["workflowComplete"]}"#, from: client)
        driver.say("DSL_COMMAND", #"{"command":"x"}"#, from: sender)
        driver.say("EXECUTE_WORKFLOW", #"{"workflowId":"w"}"#, from: sender)
        driver.pass(.seconds(1))
        #expect(
            driver.names(client).dropFirst(4) == ["chatMessage", "chatMessage", "workflowStart", "workflowComplete"]
        )
    }

    @Test("Who unsubscribes first had everything; chat is subscribed to, other answers are not")
    func unsubscription() throws {
        var driver = PraxisDriver()
        let client = try driver.open()
        driver.say("UNSUBSCRIBE_EVENTS", #"{"event_types":["chatMessage","dslProgress"]}"#, from: client)
        driver.say("CHAT_MESSAGE", #"{"content":"x"}"#, from: client)
        driver.say("DSL_COMMAND", #"{"command":"x"}"#, from: client)
        driver.say("PING", from: client)
        driver.pass(.seconds(1))
        #expect(driver.names(client) == ["chatMessage", "chatMessage", "PONG", "dslResult"])
        driver.say("UNSUBSCRIBE_EVENTS", #"{"event_types":["dslResult"]}"#, from: client)
        driver.say("DSL_COMMAND", #"{"command":"x"}"#, from: client)
        driver.pass(.seconds(1))
        #expect(driver.names(client).count == 5)
    }

    @Test("An event without a form of its own comes as eventStream to who asked for it")
    func eventStream() throws {
        var driver = PraxisDriver()
        let client = try driver.open()
        driver.say("SUBSCRIBE_EVENTS", #"{"event_types":["DSL_COMMAND_RECEIVED"]}"#, from: client)
        driver.say("DSL_COMMAND", #"{"command":"x"}"#, from: client)
        driver.pass(.seconds(1))
        #expect(driver.names(client) == ["chatMessage", "chatMessage", "eventStream"])
        #expect(
            driver.payloads(client, "eventStream")[0].jsonText
                == #"{"event_type":"DSL_COMMAND_RECEIVED","data":{"command":"x"}}"#
        )
    }

    @Test("An unknown name is an error, and changes nothing")
    func unknownEvent() throws {
        var driver = PraxisDriver()
        let client = try driver.open()
        driver.say("SUBSCRIBE_EVENTS", #"{"event_types":["dslResult","dance"]}"#, from: client)
        driver.say("SUBSCRIBE_EVENTS", #"{"event_types":"dslResult"}"#, from: client)
        driver.say("DSL_COMMAND", #"{"command":"x"}"#, from: client)
        driver.pass(.seconds(1))
        #expect(driver.names(client).prefix(4) == ["chatMessage", "error", "error", "dslProgress"])
        #expect(driver.payloads(client, "error")[0]["message"] == .string(#"Invalid event types: "dance""#))
    }

    @Test(
        "What is no command is answered by an error with a code and a time",
        arguments: [
            ("x", "malformed"), ("[]", "malformed"), ("{}", "malformed"), (#"{"type":"DANCE","id":"i"}"#, "DANCE"),
            (#"{"type":"PING","payload":[]}"#, "PING"), (#"{"type":"DSL_COMMAND"}"#, "DSL_COMMAND"),
            (#"{"type":"CHAT_MESSAGE","payload":{"content":1}}"#, "CHAT_MESSAGE"),
            (#"{"type":"EXECUTE_WORKFLOW","payload":{"nodes":{}}}"#, "EXECUTE_WORKFLOW"),
            (#"{"type":"EXECUTE_WORKFLOW","payload":{"nodes":[{}]}}"#, "EXECUTE_WORKFLOW"),
            (#"{"type":"EXECUTE_WORKFLOW","payload":{"edges":[1]}}"#, "EXECUTE_WORKFLOW"),
        ]
    )
    func errors(text: String, name: String) throws {
        var driver = PraxisDriver()
        let client = try driver.open()
        #expect(driver.send(text, from: client) == name)
        #expect(driver.names(client) == ["chatMessage", "error"])
        let error = driver.payloads(client, "error")[0]
        #expect(error["code"] == .string("WEBSOCKET_ERROR"))
        #expect(error["message"]?.text?.isEmpty == false)
        #expect(error["timestamp"] == .string("2023-11-14T22:13:20.000Z"))
        driver.sendBinary([1, 2], from: client)
        #expect(driver.names(client).count == 3)
    }

    @Test("The statistics have every field of the document")
    func stats() throws {
        var driver = PraxisDriver()
        let client = try driver.open()
        let other = try driver.open()
        driver.say("DSL_COMMAND", #"{"command":"x"}"#, from: client)
        driver.send("x", from: client)
        driver.pass(.seconds(1))
        driver.close(other)
        let (status, answer) = driver.request("GET", "/stats")
        #expect(status == 200)
        #expect(
            answer["websocket_manager"]?.jsonText
                == #"{"total_connections":2,"active_connections":1,"messages_sent":11,"messages_received":2,"#
                + #""broadcast_count":5,"errors":1,"connection_states":{"connecting":0,"connected":1,"#
                + #""disconnecting":0,"disconnected":0,"error":0}}"#
        )
        #expect(driver.messages(client).count + driver.messages(other).count == 11)
        #expect(driver.request("POST", "/stats").0 == 405)
        #expect(driver.request("GET", "/health").0 == 200)
        #expect(driver.request("GET", "/x").0 == 404)
    }
}

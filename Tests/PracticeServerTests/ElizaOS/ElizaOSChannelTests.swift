import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct ElizaOSChannelTests {
    @Test("A join is confirmed twice, under its new and its old name", arguments: ["message", "0"])
    func join(name: String) throws {
        var driver = ElizaOSDriver()
        let socket = try driver.connect()
        driver.clear()
        let payload = #"{"channelId":"\#(ElizaOSIDs.channel)","entityId":"e","serverId":"s","agentId":"a"}"#
        let message = name == "0" ? payload : #"{"type":0,"payload":\#(payload)}"#
        #expect(try driver.send(name, message, from: socket) == .accepted)
        #expect(driver.names(socket) == ["channel_joined", "room_joined"])
        for (_, payload) in driver.events(socket) {
            #expect(payload["channelId"] == .string(ElizaOSIDs.channel))
            #expect(payload["roomId"] == .string(ElizaOSIDs.channel))
            #expect(payload["agentId"] == .string("a"))
            #expect(payload["message"]?.text?.contains("sid-1") == true)
        }
    }

    @Test("The current server's types are 1 and 2", arguments: ["message", "1"])
    func currentJoin(name: String) throws {
        var driver = ElizaOSCurrentDriver()
        let socket = try driver.connect(ElizaOSIDs.auth(0))
        let payload = #"{"roomId":"\#(ElizaOSIDs.channel)"}"#
        try driver.send(name, name == "1" ? payload : #"{"type":1,"payload":\#(payload)}"#, from: socket)
        #expect(driver.names(socket).suffix(2) == ["channel_joined", "room_joined"])
        #expect(try driver.send("0", payload, from: socket) == .rejected("unknown message type"))
    }

    @Test(
        "A join without a channel, or with one that is no UUID, is an error",
        arguments: [
            ("{}", "channelId is required for joining."), (#"{"channelId":""}"#, "channelId is required for joining."),
            (#"{"channelId":7}"#, "channelId is required for joining."),
            (#"{"channelId":"general"}"#, "Invalid channel ID"),
        ]
    )
    func invalid(payload: String, text: String) throws {
        var driver = ElizaOSDriver()
        let socket = try driver.connect()
        try driver.send("0", payload, from: socket)
        #expect(driver.events(socket, "messageError").map { $0["error"] } == [.string(text)])
        #expect(!driver.names(socket).contains("channel_joined"))
    }

    @Test(
        "What has no type or payload, or an unknown type, is answered by nothing",
        arguments: ["{}", "7", #"{"type":0}"#, #"{"type":9,"payload":{}}"#, #"{"type":"0","payload":{}}"#, "[]"]
    )
    func malformed(payload: String) throws {
        var driver = ElizaOSDriver()
        let socket = try driver.connect()
        driver.clear()
        let reply = try driver.send("message", payload, from: socket)
        #expect(reply != .accepted)
        #expect(driver.names(socket).isEmpty)
    }

    @Test("An event that the server does not know is answered by nothing", arguments: ["hello", "00", "-1", "7"])
    func unknown(name: String) throws {
        var driver = ElizaOSDriver()
        let socket = try driver.connect()
        driver.clear()
        #expect(try driver.send(name, "{}", from: socket) != .accepted)
        #expect(driver.names(socket).isEmpty)
    }

    @Test("Who joins twice gets every message once")
    func twice() throws {
        var driver = ElizaOSDriver()
        let socket = try driver.room(1)[0]
        try driver.send("0", #"{"channelId":"\#(ElizaOSIDs.channel)"}"#, from: socket)
        try driver.say("hello", 0, from: socket)
        #expect(driver.events(socket, "messageBroadcast").count == 1)
    }

    @Test("The current server sends the last 50 messages to who joins, oldest first, and then once more nothing")
    func history() throws {
        var driver = ElizaOSCurrentDriver()
        let first = try driver.room(1)[0]
        for number in 0..<30 {
            try driver.say("message \(number)", 0, from: first)
            driver.pass(.seconds(2))
        }
        let second = try driver.room(1, from: 1)[0]
        let names = driver.names(second)
        #expect(names.prefix(4) == ["authenticated", "connection_established", "channel_joined", "room_joined"])
        let received = driver.events(second, "messageBroadcast")
        #expect(received.count == 50)
        let sent = driver.events(first, "messageBroadcast").filter { $0["source"] != .string("agent_action") }
        #expect(received.map { $0["id"] } == sent.suffix(50).map { $0["id"] })
        #expect(driver.truth.deliveries.expected == 60)
    }

    @Test("The document's server sends no history")
    func noHistory() throws {
        var driver = ElizaOSDriver()
        let first = try driver.room(1)[0]
        try driver.say("hello", 0, from: first)
        let second = try driver.room(1)[0]
        #expect(driver.events(second, "messageBroadcast").isEmpty)
    }
}

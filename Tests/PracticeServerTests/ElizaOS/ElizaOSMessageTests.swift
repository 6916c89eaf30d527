import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct ElizaOSMessageTests {
    @Test("A message goes to all members, its sender with them, and is acknowledged after that")
    func fanOut() throws {
        var driver = ElizaOSDriver()
        let members = try driver.room(3)
        let outsider = try driver.connect()
        driver.clear()
        try driver.say("Hello, wörld \\u0041!", 1, id: "client-7", from: members[1])
        let received = members.map { driver.events($0, "messageBroadcast") }
        #expect(received.allSatisfy { $0.count == 1 && $0 == received[0] })
        #expect(driver.names(outsider).isEmpty)
        let message = received[0][0]
        #expect(
            message.keys == [
                "id", "senderId", "senderName", "text", "channelId", "roomId", "serverId", "createdAt", "source",
                "attachments",
            ]
        )
        #expect(message["text"] == .string("Hello, wörld A!"))
        #expect(message["senderId"] == .string(ElizaOSIDs.user(1)))
        #expect(message["senderName"] == .string("User 1"))
        #expect(message["source"] == .string("web_client"))
        #expect(message["createdAt"] == .integer(1_700_000_000_000))
        #expect(driver.names(members[1]).prefix(2) == ["messageBroadcast", "messageAck"])
        #expect(!driver.names(members[0]).contains("messageAck"))
        let ack = try #require(driver.events(members[1], "messageAck").first)
        #expect(ack["clientMessageId"] == .string("client-7"))
        #expect(ack["messageId"] == message["id"])
        #expect(ack["status"] == .string("received_by_server_and_processing"))
        #expect(ack["channelId"] == .string(ElizaOSIDs.channel))
        #expect(driver.truth.deliveries.expected == 3)
    }

    @Test("The literal names send, too")
    func literal() throws {
        var driver = ElizaOSCurrentDriver()
        let members = try driver.room(2)
        driver.clear()
        try driver.say("hello", 0, id: "c1", from: members[0])
        let own = try #require(driver.events(members[0], "messageBroadcast").first)
        let others = try #require(driver.events(members[1], "messageBroadcast").first)
        #expect(own["clientMessageId"] == .string("c1"))
        #expect(others["clientMessageId"] == nil)
        #expect(own["id"] == others["id"])
        #expect(own["messageServerId"] == .string(ElizaOSIDs.server))
        #expect(own["serverId"] == nil)
    }

    @Test("Messages of a channel keep their order for every member")
    func order() throws {
        var driver = ElizaOSDriver([.ignoreLimits])
        let members = try driver.room(4)
        for number in 0..<40 { try driver.say("\(number)", number % 4, from: members[number % 4]) }
        for member in members {
            #expect(driver.events(member, "messageBroadcast").map { $0["text"]?.text } == (0..<40).map { "\($0)" })
        }
        let ids = driver.events(members[0], "messageBroadcast").compactMap { $0["id"]?.text }
        #expect(Set(ids).count == 40)
        #expect(ids.allSatisfy(isUUID))
    }

    @Test("Who has not joined gets the acknowledgement alone, and who left gets nothing")
    func membership() throws {
        var driver = ElizaOSDriver()
        let members = try driver.room(2)
        let outsider = try driver.connect()
        driver.disconnect(members[1])
        driver.clear()
        try driver.say("hello", 9, from: outsider)
        #expect(driver.names(outsider) == ["messageAck"])
        #expect(driver.events(members[0], "messageBroadcast").count == 1)
        #expect(driver.names(members[1]).isEmpty)
    }

    @Test(
        "A message that lacks something is an error that says what",
        arguments: [
            (#""senderId":"x""#, #""senderId":"no uuid""#, "and message are required"),
            (#""message":"hi""#, #""message":"""#, "and message are required"),
            (#""message":"hi""#, #""message":7"#, "and message are required"),
            (#""channelId":"c""#, #""channelId":"c c""#, "Invalid channel ID"),
            (#""channelId":"c""#, #""room":"c""#, "and message are required"),
            (#""serverId":"s""#, #""server":"s""#, "and message are required"),
            (#""serverId":"s""#, #""serverId":"11111111-1111-4111-8111-111111111111""#, "does not exist"),
        ]
    )
    func problems(part: String, replacement: String, text: String) throws {
        var driver = ElizaOSDriver()
        let socket = try driver.room(1)[0]
        driver.clear()
        let payload = #"{"senderId":"x","message":"hi","channelId":"c","serverId":"s"}"#
            .replacing(part, with: replacement)
            .replacing(#""senderId":"x""#, with: #""senderId":"\#(ElizaOSIDs.user(0))""#)
            .replacing(#""channelId":"c""#, with: #""channelId":"\#(ElizaOSIDs.channel)""#)
            .replacing(#""serverId":"s""#, with: #""serverId":"\#(ElizaOSIDs.server)""#)
        try driver.send("1", payload, from: socket)
        #expect(driver.names(socket) == ["messageError"])
        #expect(driver.events(socket, "messageError").first?["error"]?.text?.contains(text) == true)
    }

    @Test("A socket may send 10 messages a second; others are not held to account for it")
    func rateLimit() throws {
        var driver = ElizaOSDriver()
        let members = try driver.room(2)
        driver.clear()
        for number in 0..<13 { try driver.say("\(number)", 0, from: members[0]) }
        try driver.say("other", 1, from: members[1])
        #expect(driver.events(members[0], "messageAck").count == 10)
        #expect(
            driver.events(members[0], "messageError").map { $0["error"] }
                == Array(repeating: .string("Rate limit exceeded"), count: 3)
        )
        #expect(driver.events(members[1], "messageAck").count == 1)
        driver.pass(.seconds(1))
        try driver.say("again", 0, from: members[0])
        #expect(driver.events(members[0], "messageAck").count == 11)
    }

    @Test("Without limits, and on the current server, nobody is limited")
    func noLimit() throws {
        var driver = ElizaOSDriver([.ignoreLimits])
        let socket = try driver.room(1)[0]
        for number in 0..<50 { try driver.say("\(number)", 0, from: socket) }
        #expect(driver.events(socket, "messageAck").count == 50)
        var current = ElizaOSCurrentDriver()
        let other = try current.room(1)[0]
        for number in 0..<50 { try current.say("\(number)", 0, from: other) }
        #expect(current.events(other, "messageAck").count == 50)
    }

    @Test("A message that is to fail is an error and is not broadcast")
    func failure() throws {
        var driver = ElizaOSDriver()
        let members = try driver.room(2)
        driver.clear()
        try driver.say("/fail", 0, from: members[0])
        driver.pass(.seconds(1))
        #expect(driver.names(members[0]) == ["messageError"])
        #expect(driver.names(members[1]).isEmpty)
    }

    @Test("Deliveries that are lost, doubled or swapped are counted exactly")
    func deliveries() throws {
        var driver = ElizaOSDriver([.loseDelivery(every: 5), .doubleDelivery(every: 6), .swapDelivery(every: 7)])
        let members = try driver.room(3)
        for number in 0..<60 {
            try driver.say("\(number)", number % 3, from: members[number % 3])
            driver.pass(.milliseconds(400))
        }
        driver.pass(.seconds(5))
        let received = members.map { driver.events($0, "messageBroadcast").count }.reduce(0, +)
        let counts = driver.truth.deliveries
        #expect(counts.expected == 3 * 120)
        #expect(counts.withheld > 60 && counts.doubled > 40 && counts.swapped > 20)
        #expect(received == counts.expected - counts.withheld + counts.doubled)
    }

    @Test(
        "What is said in private suffers no fault of broadcasts",
        arguments: [#"{"isDm":true}"#, #"{"channelType":"DM"}"#]
    )
    func direct(metadata: String) throws {
        var driver = ElizaOSDriver([.loseDelivery(every: 1), .duplicateReply(every: 1)])
        let socket = try driver.connect()
        try driver.send("0", #"{"channelId":"\#(ElizaOSIDs.channel)","metadata":\#(metadata)}"#, from: socket)
        try driver.say("hello", 0, from: socket)
        driver.pass(.seconds(1))
        #expect(driver.events(socket, "messageBroadcast").count == 2)
        #expect(driver.truth.deliveries == Truth.Deliveries())
    }
}

import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct ElizaOSRequestTests {
    private let path = "/api/messaging/central-channels/\(ElizaOSIDs.channel)"

    @Test("Deleting a message tells all members, once")
    func deletion() throws {
        var driver = ElizaOSDriver()
        let members = try driver.room(2)
        try driver.say("hello", 0, from: members[0])
        let id = try #require(driver.events(members[0], "messageAck").first?["messageId"]?.text)
        driver.clear()
        let answer = driver.request("DELETE", "\(path)/messages/\(id)")
        #expect(answer.status == 200)
        #expect(answer.body["success"]?.isTrue == true)
        for member in members {
            let event = try #require(driver.events(member, "messageDeleted").first)
            #expect(event["messageId"] == .string(id))
            #expect(event["channelId"] == .string(ElizaOSIDs.channel))
        }
        #expect(driver.request("DELETE", "\(path)/messages/\(id)").status == 404)
        #expect(driver.events(members[0], "messageDeleted").count == 1)
    }

    @Test("Clearing a channel forgets its messages and keeps its members")
    func clearing() throws {
        var driver = ElizaOSDriver()
        let members = try driver.room(2)
        try driver.say("hello", 0, from: members[0])
        driver.pass(.seconds(1))
        let answer = driver.request("DELETE", "\(path)/messages")
        #expect(answer.body["deleted"] == .integer(2))
        #expect(members.allSatisfy { driver.events($0, "channelCleared").count == 1 })
        #expect(driver.request("GET", "\(path)/messages").body["data"]?["messages"]?.elements == [])
        try driver.say("again", 0, from: members[0])
        #expect(driver.events(members[1], "messageBroadcast").last?["text"] == .string("again"))
    }

    @Test("Deleting a channel empties it; a new one of the same name begins without members")
    func channelDeletion() throws {
        var driver = ElizaOSDriver()
        let members = try driver.room(2)
        try driver.say("hello", 0, from: members[0])
        #expect(driver.request("DELETE", path).status == 200)
        #expect(members.allSatisfy { driver.events($0, "channelDeleted").count == 1 })
        #expect(driver.request("DELETE", path).status == 404)
        driver.clear()
        driver.pass(.seconds(1))
        #expect(driver.names(members[1]).isEmpty)
        try driver.say("anybody?", 0, from: members[0])
        #expect(driver.names(members[0]) == ["messageAck"])
        driver.disconnect(members[0])
        driver.disconnect(members[1])
    }

    @Test("What was said can be read, newest first")
    func reading() throws {
        var driver = ElizaOSDriver()
        let socket = try driver.room(1)[0]
        for number in 0..<3 { try driver.say("\(number)", 0, from: socket) }
        let messages = driver.request("GET", "\(path)/messages").body["data"]?["messages"]?.elements ?? []
        #expect(messages.map { $0["content"]?.text } == ["2", "1", "0"])
        #expect(messages.first?["authorId"] == .string(ElizaOSIDs.user(0)))
    }

    @Test(
        "A request that is for nothing is turned down",
        arguments: [
            ("DELETE", "/api/messaging/central-channels/general", 400), ("GET", "/api/messaging/central-channels", 404),
            ("DELETE", "/api/messaging/central-channels/\(ElizaOSIDs.channel)/messages/7", 400),
            ("DELETE", "/api/messaging/central-channels/\(ElizaOSIDs.otherChannel)/messages", 404),
            ("PUT", "/api/messaging/central-channels/\(ElizaOSIDs.channel)", 404), ("GET", "/", 404),
            ("DELETE", "/api/messaging/channels/\(ElizaOSIDs.channel)", 404), ("POST", "/health", 405),
            ("GET", "/health", 200),
        ]
    )
    func turnedDown(method: String, path: String, status: Int) throws {
        var driver = ElizaOSDriver()
        _ = try driver.room(1)
        #expect(driver.request(method, path).status == status)
    }

    @Test("The current server asks for the key, and knows the old and the new paths")
    func current() throws {
        var driver = ElizaOSCurrentDriver()
        let socket = try driver.room(1)[0]
        let path = "/api/messaging/channels/\(ElizaOSIDs.channel)"
        #expect(driver.request("DELETE", "\(path)/messages/all").status == 401)
        let key = [("X-API-KEY", "practice-key")]
        #expect(driver.request("DELETE", "\(path)/messages/all", headers: key).status == 200)
        #expect(driver.request("DELETE", "\(self.path)/messages", headers: key).status == 200)
        #expect(driver.events(socket, "channelCleared").count == 2)
    }
}

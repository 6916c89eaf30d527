import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct ElizaOSLogTests {
    private func lines(_ driver: ElizaOSDriver, _ socket: SocketID) -> [JSONValue] {
        driver.events(socket, "log_stream").compactMap { $0["type"] == .string("log_entry") ? $0["payload"] : nil }
    }

    @Test("Who follows the log sees what the server does")
    func following() throws {
        var driver = ElizaOSDriver()
        let follower = try driver.connect()
        try driver.send("subscribe_logs", from: follower)
        #expect(driver.events(follower, "log_subscription_confirmed").first?["subscribed"]?.isTrue == true)
        let socket = try driver.room(1)[0]
        try driver.say("hello", 0, from: socket)
        driver.pass(.seconds(1))
        let lines = lines(driver, follower)
        #expect(lines.count == 5)
        #expect(lines.allSatisfy { $0.keys.isSuperset(of: ["level", "time", "msg"]) })
        #expect(lines.filter { $0["channelId"] == .string(ElizaOSIDs.channel) }.count == 3)
        let answered = try #require(lines.last)
        #expect(answered["agentName"] == .string("Practice Agent"))
        #expect(answered["agentId"]?.text.map(isUUID) == true)
        #expect(driver.events(socket, "log_stream").isEmpty)
    }

    @Test(
        "Filters hold lines back by agent and by level",
        arguments: [
            (#"{"level":"info"}"#, 3, 1), (#"{"level":"warn"}"#, 1, 0), (#"{"level":"ERROR"}"#, 1, 0),
            (#"{"level":"trace"}"#, 3, 1), (#"{"level":"nonsense"}"#, 0, 0), (#"{"level":"all"}"#, 3, 1),
            (#"{"agentName":"all"}"#, 3, 1), (#"{"agentName":"Practice Agent"}"#, 0, 1),
            (#"{"agentName":"Somebody"}"#, 0, 0), (#"{"agentName":"Practice Agent","level":"error"}"#, 0, 0),
        ]
    )
    func filters(filters: String, ofServer: Int, ofAgent: Int) throws {
        var driver = ElizaOSDriver()
        let follower = try driver.connect()
        try driver.send("subscribe_logs", from: follower)
        try driver.send("update_log_filters", filters, from: follower)
        let confirmed = try #require(driver.events(follower, "log_filters_updated").first)
        #expect(confirmed["success"]?.isTrue == true)
        let socket = try driver.room(1)[0]
        driver.clear()
        try driver.say("hello", 0, from: socket)
        try driver.say("/fail", 0, from: socket)
        driver.pass(.seconds(1))
        driver.disconnect(socket)
        let lines = lines(driver, follower)
        #expect(lines.filter { $0["agentName"] == nil }.count == ofServer)
        #expect(lines.filter { $0["agentName"] != nil }.count == ofAgent)
    }

    @Test("Filters add up, and a new subscription begins without any")
    func adding() throws {
        var driver = ElizaOSDriver()
        let follower = try driver.connect()
        try driver.send("subscribe_logs", from: follower)
        try driver.send("update_log_filters", #"{"level":"warn"}"#, from: follower)
        try driver.send("update_log_filters", #"{"agentName":"all"}"#, from: follower)
        let filters = driver.events(follower, "log_filters_updated").last?["filters"]
        #expect(filters?["level"] == .string("warn"))
        #expect(filters?["agentName"] == .string("all"))
        try driver.send("subscribe_logs", from: follower)
        try driver.send("update_log_filters", "{}", from: follower)
        #expect(driver.events(follower, "log_filters_updated").last?["filters"]?.keys == [])
    }

    @Test("Who does not follow can set no filters, and who stops gets nothing more")
    func stopping() throws {
        var driver = ElizaOSDriver()
        let follower = try driver.connect()
        try driver.send("update_log_filters", #"{"level":"info"}"#, from: follower)
        let refused = try #require(driver.events(follower, "log_filters_updated").first)
        #expect(refused["success"] == .bool(false))
        #expect(refused["error"] == .string("Not subscribed to log stream"))
        try driver.send("subscribe_logs", from: follower)
        try driver.send("unsubscribe_logs", from: follower)
        #expect(driver.events(follower, "log_subscription_confirmed").last?["subscribed"] == .bool(false))
        driver.clear()
        _ = try driver.room(2)
        #expect(driver.names(follower).isEmpty)
    }
}

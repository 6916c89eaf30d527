import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct ElizaOSAgentTests {
    @Test("The agent disables the input of all, answers, and enables it again")
    func answer() throws {
        var driver = ElizaOSDriver()
        let members = try driver.room(2)
        driver.clear()
        try driver.say("What is new?", 0, from: members[0])
        #expect(driver.names(members[1]) == ["messageBroadcast", "controlMessage"])
        driver.pass(.milliseconds(80))
        #expect(
            driver.names(members[1]) == ["messageBroadcast", "controlMessage", "messageBroadcast", "controlMessage"]
        )
        let controls = driver.events(members[0], "controlMessage")
        #expect(controls.map { $0["action"] } == [.string("disable_input"), .string("enable_input")])
        #expect(controls.allSatisfy { $0["channelId"] == .string(ElizaOSIDs.channel) })
        let question = driver.events(members[1], "messageBroadcast")[0]
        let answer = driver.events(members[1], "messageBroadcast")[1]
        #expect(answer["senderName"] == .string("Practice Agent"))
        #expect(answer["thought"]?.text?.isEmpty == false)
        #expect(answer["prompt"]?.text?.isEmpty == false)
        #expect(answer["actions"]?.elements == [.string("REPLY")])
        #expect(answer["inReplyTo"] == question["id"])
        #expect(answer["text"]?.text?.isEmpty == false)
    }

    @Test("Questions are answered one after the other, and input is enabled after the last")
    func queue() throws {
        var driver = ElizaOSDriver()
        let socket = try driver.room(1)[0]
        driver.clear()
        for number in 0..<5 { try driver.say("\(number)", 0, from: socket) }
        driver.pass(.seconds(2))
        let asked = driver.events(socket, "messageAck").map { $0["messageId"] }
        let answers = driver.events(socket, "messageBroadcast").filter { $0["thought"] != nil }
        #expect(answers.map { $0["inReplyTo"] } == asked)
        #expect(driver.events(socket, "controlMessage").count == 2)
        #expect(driver.names(socket).last == "controlMessage")
    }

    @Test("Every nth answer is broadcast twice under its id", arguments: [1, 3])
    func repeats(period: Int) throws {
        var driver = ElizaOSDriver([.duplicateReply(every: period)])
        let members = try driver.room(2)
        for number in 0..<9 {
            try driver.say("\(number)", 0, from: members[0])
            driver.pass(.seconds(1))
        }
        for member in members {
            let ids = driver.events(member, "messageBroadcast").map { $0["id"]?.text }
            #expect(ids.count - Set(ids).count == 9 / period)
        }
        #expect(driver.truth.deliveries.repeated == 2 * (9 / period))
        #expect(driver.truth.deliveries.expected == 2 * 18)
        #expect(driver.log.count == 9 / period)
    }

    @Test("The same seed gives the same answers, and another seed others")
    func seeds() throws {
        func answers(_ seed: UInt64) throws -> [JSONValue] {
            var driver = ElizaOSDriver(seed: seed)
            let socket = try driver.room(1)[0]
            try driver.say("hello", 0, from: socket)
            driver.pass(.seconds(1))
            return driver.events(socket, "messageBroadcast")
        }
        #expect(try answers(1) == answers(1))
        #expect(try answers(1) != answers(2))
    }

    @Test("The current agent streams its answer in chunks, and then broadcasts the whole of it under the same id")
    func stream() throws {
        var driver = ElizaOSCurrentDriver()
        let socket = try driver.room(1)[0]
        driver.clear()
        try driver.say("hello", 0, from: socket)
        driver.pass(.seconds(2))
        let chunks = driver.events(socket, "messageStreamChunk")
        #expect((4...12).contains(chunks.count))
        #expect(chunks.map { $0["index"]?.number } == Array(0..<chunks.count))
        #expect(chunks[0].keys == ["messageId", "chunk", "index", "agentId", "channelId"])
        let answer = try #require(driver.events(socket, "messageBroadcast").last)
        #expect(answer["id"] == chunks[0]["messageId"])
        #expect(answer["text"]?.text == chunks.compactMap { $0["chunk"]?.text }.joined())
        #expect(driver.truth.streams.completed == 1)
        #expect(driver.truth.chunks.sent == chunks.count)
    }

    @Test("A question that is to fail ends its stream with an error and the part that came")
    func streamError() throws {
        var driver = ElizaOSCurrentDriver([.chunks(10)])
        let socket = try driver.room(1)[0]
        driver.clear()
        try driver.say("/fail please", 0, from: socket)
        driver.pass(.seconds(2))
        let chunks = driver.events(socket, "messageStreamChunk")
        #expect(chunks.count == 5)
        let error = try #require(driver.events(socket, "messageStreamError").first)
        #expect(error["messageId"] == chunks[0]["messageId"])
        #expect(error["partialText"]?.text == chunks.compactMap { $0["chunk"]?.text }.joined())
        #expect(driver.events(socket, "messageBroadcast").count == 1)
        #expect(driver.events(socket, "controlMessage").count == 2)
    }

    @Test("What the agent does is told twice under one id, with the source agent_action, and is no delivery")
    func actions() throws {
        var driver = ElizaOSCurrentDriver()
        let socket = try driver.room(1)[0]
        driver.clear()
        try driver.say("/act now", 0, from: socket)
        driver.pass(.seconds(2))
        let updates = driver.events(socket, "messageBroadcast").filter { $0["source"] == .string("agent_action") }
        #expect(updates.map { $0["text"] } == [.string("executing"), .string("done")])
        #expect(Set(updates.map { $0["id"]?.text }).count == 1)
        #expect(driver.events(socket, "messageBroadcast").count == 4)
        #expect(driver.truth.deliveries.expected == 2)
    }

    @Test("Chunks that are withheld, doubled, overtaken or cut off are counted exactly", arguments: [1, 2, 7])
    func chunkFaults(period: Int) throws {
        for fault in [
            Fault.dropChunk(every: period), .duplicateChunk(every: period), .reorderChunks(every: period),
            .truncate(every: period),
        ] {
            var driver = ElizaOSCurrentDriver([fault, .chunks(9)])
            let socket = try driver.room(1)[0]
            for number in 0..<14 {
                try driver.say("\(number)", 0, from: socket)
                driver.pass(.seconds(1))
            }
            let indices = driver.events(socket, "messageStreamChunk").map {
                (id: $0["messageId"]?.text ?? "", index: $0["index"]?.number ?? -1)
            }
            let late = zip(indices, indices.dropFirst()).count { $0.id == $1.id && $0.index > $1.index }
            let doubled = zip(indices, indices.dropFirst()).count { $0.id == $1.id && $0.index == $1.index }
            let truth = driver.truth
            #expect(late == truth.chunks.reordered)
            #expect(doubled == truth.chunks.duplicated)
            #expect(indices.count == truth.chunks.sent)
            let cut = truth.streams.truncated * 5
            #expect(indices.count == 14 * 9 - truth.chunks.withheld + doubled - cut)
            #expect(truth.chunks.withheld + late + doubled + cut > 0)
            #expect(driver.events(socket, "messageBroadcast").count == 28)
        }
    }

    @Test("Nobody is told anything of a channel that all have left, and its agent comes to an end")
    func abandoned() throws {
        var driver = ElizaOSDriver()
        let socket = try driver.room(1)[0]
        for number in 0..<3 { try driver.say("\(number)", 0, from: socket) }
        driver.disconnect(socket)
        driver.clear()
        driver.pass(.hours(1))
        #expect(driver.names(socket).isEmpty)
        #expect(driver.dialect.places.isEmpty)
        #expect(driver.dialect.nextDeadline == nil)
    }
}

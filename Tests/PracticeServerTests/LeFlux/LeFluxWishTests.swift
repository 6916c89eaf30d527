import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct LeFluxWishTests {
    @Test("A long task has more plans than a widget answers, and ends by itself")
    func long() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        try driver.ask("s1", socket, "/long one of everything")
        #expect(driver.events(socket, "action_plan").count == LeFluxWish.longPlanCount)
        #expect(driver.names(socket).last == "task_complete")
        #expect(driver.truth.tasks.completed == 1)
    }

    @Test("An endless task is stopped by an error after the 30th plan, and only then")
    func endless() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        try driver.ask("s1", socket, "/endless", limit: 29)
        #expect(driver.events(socket, "action_plan").count == 30)
        #expect(driver.truth.tasks.open == 1)
        try driver.send("continue_task", #"{"sessionId":"s1","context":{}}"#, from: socket)
        #expect(driver.events(socket, "action_plan").count == 30)
        #expect(driver.events(socket, "error")[0]["message"]?.text?.contains("30 action plans") == true)
        #expect(driver.truth.tasks.refused == 1)
        let elements = driver.events(socket, "action_plan").map { $0["actions"]?[0]?["elementId"]?.number }
        #expect(Set(elements).count == 30)
    }

    @Test("A task that is to be confirmed asks whatever the seed, and an error comes in place of an answer")
    func confirmAndFail() throws {
        for seed in 1...10 as ClosedRange<UInt64> {
            var driver = LeFluxDriver(seed: seed)
            let socket = try driver.join("s1")
            try driver.ask("s1", socket, "/confirm order it", confirms: false)
            #expect(driver.events(socket, "confirmation_required").count == 1)
            #expect(driver.events(socket, "task_complete")[0]["summary"] == .string("aborted"))
            let before = driver.names(socket).count
            try driver.ask("s1", socket, "/fail")
            #expect(driver.names(socket).dropFirst(before) == ["message"])
            #expect(driver.events(socket).last?.payload["isError"] == .bool(true))
            let truth = driver.truth
            #expect(truth.tasks.failed == 1 && truth.tasks.aborted == 1 && truth.tasks.open == 0)
            #expect(truth.streams.started == 1 && truth.streams.completed == 1)
        }
    }

    @Test(
        "Words of today's are nothing to the document's server, and other beginnings to neither",
        arguments: ["/ask", "/loop"]
    )
    func unknown(word: String) throws {
        #expect(LeFluxWish(message: word, LeFluxDocument.rules) == nil)
        #expect(LeFluxWish(message: word, LeFluxCurrent.rules) != nil)
        for message in ["", " ", "/", "\(word)s", "x \(word)", "/LONG"] {
            #expect(LeFluxWish(message: message, LeFluxCurrent.rules) == nil)
        }
    }

    @Test("A client outside iterative mode has done its task when it reported the plan", arguments: [true, false])
    func oneShot(asksAgain: Bool) throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        driver.chat("s1", "/long")
        driver.pass(.seconds(2))
        #expect(driver.names(socket).last == "action_plan")
        let event =
            driver.events(socket).last?.payload["isSequence"] == .bool(true) ? "sequence_complete" : "action_complete"
        try driver.send(event, #"{"sessionId":"s1","result":{"success":true}}"#, from: socket)
        #expect(driver.names(socket).last == "action_plan")
        if asksAgain {
            driver.chat("s1", "/fail")
            driver.pass(.seconds(1))
        } else {
            driver.disconnect(socket)
            driver.pass(.seconds(31))
        }
        #expect(driver.truth.tasks.completed == 1)
        #expect(driver.truth.tasks.superseded == 0 && driver.truth.tasks.abandoned == 0)
    }

    @Test("A task that was continued and then left is no completed one")
    func leftHalfway() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        try driver.ask("s1", socket, "/long", limit: 1)
        try driver.send("action_complete", #"{"sessionId":"s1"}"#, from: socket)
        driver.chat("s1", "/fail")
        #expect(driver.truth.tasks.superseded == 1 && driver.truth.tasks.completed == 0)
    }

    @Test("A leaked session is as if it were new, and its task is gone")
    func leaked() throws {
        var driver = LeFluxDriver([.leakSession(every: 2)])
        var joins: [JSONValue] = []
        for _ in 0..<5 {
            let socket = try driver.join("s1")
            joins.append(driver.events(socket)[0].payload)
            driver.chat("s1", "/long")
            driver.pass(.seconds(2))
            driver.disconnect(socket)
        }
        #expect(joins.map { $0["restored"] } == [false, true, false, true, false].map(JSONValue.bool))
        #expect(joins.map { $0["history"]?.elements.count } == [0, 2, 0, 2, 0])
        #expect(driver.truth.sessions.leaked == 2 && driver.truth.sessions.restored == 2)
        #expect(driver.log.map(\.kind) == [.leakedSession, .leakedSession])
        #expect(driver.truth.tasks.abandoned == 2)
        // No answer has the name of an earlier one.
        let streams = driver.inbox.values.flatMap { $0 }.filter { $0.name == "message_done" }
        #expect(Set(streams.compactMap { $0.payload["streamId"]?.text }).count == 5)
    }
}

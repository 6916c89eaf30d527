import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct LeFluxTaskTests {
    @Test("A question is answered by a whole stream and ends in one task_complete, whatever the seed")
    func everyQuestion() throws {
        var plans: Set<Int> = []
        var chunks: Set<Int> = []
        var kinds: Set<String> = []
        for seed in 1...60 as ClosedRange<UInt64> {
            var driver = LeFluxDriver(seed: seed)
            let socket = try driver.join("s1")
            try driver.ask("s1", socket)
            let names = driver.names(socket)
            #expect(names.filter { $0 == "task_complete" }.count == 1)
            #expect(names.last == "task_complete")
            #expect(names.filter { $0 == "message_done" }.count == 1)
            #expect(StreamCount(driver.events(socket)) == StreamCount())
            let indices = driver.events(socket, "message_chunk").map { $0["chunkIndex"]?.number }
            #expect(indices == Array(0..<indices.count))
            chunks.insert(indices.count)
            plans.insert(driver.events(socket, "action_plan").count)
            kinds.formUnion(names)
        }
        #expect(plans == [1, 2, 3, 4])
        #expect(chunks.isSubset(of: Set(8...20)) && chunks.count > 8)
        #expect(kinds == Set(LeFluxDialect<LeFluxDocument>.sentEvents).subtracting(["error"]))
    }

    @Test("What is said follows from the seed, the session and the question alone, not from timing or others")
    func determinism() throws {
        var alone = LeFluxDriver(seed: 5)
        let socket = try alone.join("s1")
        for _ in 0..<3 { try alone.ask("s1", socket) }
        var crowded = LeFluxDriver(seed: 5)
        let others = try (0..<20).map { try crowded.join("other\($0)") }
        let same = try crowded.join("s1")
        for round in 0..<3 {
            for (index, other) in others.enumerated() { try crowded.ask("other\(index)", other, limit: round) }
            crowded.pass(.milliseconds(7))
            try crowded.ask("s1", same)
        }
        #expect(crowded.events(same).map(\.payload) == alone.events(socket).map(\.payload))
        var differing = LeFluxDriver(seed: 6)
        let stranger = try differing.join("s1")
        try differing.ask("s1", stranger)
        #expect(differing.events(stranger, "message_done") != Array(alone.events(socket, "message_done").prefix(1)))
    }

    @Test("Plans have the shapes of the document")
    func shapes() throws {
        var sequences = 0
        var singles = 0
        for seed in 1...20 as ClosedRange<UInt64> {
            var driver = LeFluxDriver(seed: seed)
            let socket = try driver.join("s1")
            try driver.ask("s1", socket)
            for plan in driver.events(socket, "action_plan") {
                #expect(plan["useUniversalIndexing"] == .bool(true))
                let actions = plan["actions"]?.elements ?? []
                if plan["isSequence"] == .bool(true) {
                    sequences += 1
                    #expect(plan["type"] == .string("execute_generic_sequence"))
                    #expect(actions.map { $0["action"]?.text } == ["type", "type", "click"])
                    #expect(actions.map { $0["inputData"] == nil } == [false, false, true])
                    #expect(actions.allSatisfy { $0["elementId"]?.number != nil && $0["description"]?.text != nil })
                } else {
                    singles += 1
                    #expect(actions.count == 1)
                    #expect(actions[0]["id"]?.text?.hasPrefix("action-") == true)
                    #expect(actions[0]["type"]?.text != nil)
                    #expect(actions[0]["elementId"]?.number != nil)
                }
            }
        }
        #expect(sequences > 5 && singles > 5)
    }

    @Test("Chunks come at their interval, the first after the think time")
    func pace() throws {
        var driver = LeFluxDriver([.chunks(4), .chunkInterval(.milliseconds(20))])
        let socket = try driver.join("s1")
        driver.chat("s1")
        var counts: [Int] = []
        for _ in 0..<8 {
            driver.pass(.milliseconds(10))
            counts.append(driver.events(socket, "message_chunk").count)
        }
        #expect(counts == [1, 1, 2, 2, 3, 3, 4, 4])
        #expect(driver.events(socket, "message_done").count == 1)
    }

    @Test("Only continue_task moves a task on, and only while it waits for it")
    func continuing() throws {
        var driver = LeFluxDriver([.cycle(period: 3)])
        let socket = try driver.join("s1")
        try driver.send("continue_task", #"{"sessionId":"s1"}"#, from: socket)
        driver.chat("s1")
        try driver.send("continue_task", #"{"sessionId":"s1"}"#, from: socket)
        #expect(driver.names(socket) == ["session_joined"])
        driver.pass(.seconds(2))
        if driver.names(socket).last == "confirmation_required" {
            try driver.send("confirmation_response", #"{"confirmed":true}"#, from: socket)
        }
        try driver.send("action_complete", #"{"sessionId":"s1"}"#, from: socket)
        try driver.send("confirmation_response", #"{"confirmed":false}"#, from: socket)
        #expect(driver.events(socket, "action_plan").count == 1)
        try driver.send("continue_task", #"{"sessionId":"s1"}"#, from: socket)
        #expect(driver.events(socket, "action_plan").count == 2)
    }

    @Test("A confirmation that is declined ends the task as aborted, and is not asked again")
    func declined() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        for _ in 0..<40 { try driver.ask("s1", socket, confirms: false) }
        let asked = driver.events(socket, "confirmation_required").count
        let aborted = driver.events(socket, "task_complete").filter { $0["summary"] == .string("aborted") }.count
        #expect(asked > 2)
        #expect(aborted == asked)
        #expect(driver.truth.tasks.aborted == asked)
        #expect(driver.truth.tasks.completed == 40 - asked)
    }

    @Test("A confirmation_response without an answer is refused and asked for still")
    func unclear() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        #expect(try driver.send("confirmation_response", #"{"confirmed":"yes"}"#, from: socket) != .accepted)
    }

    @Test("After the 30th plan a task is refused with an error that names the limit")
    func cap() throws {
        var driver = LeFluxDriver([.cycle(period: 3)])
        let socket = try driver.join("s1")
        try driver.ask("s1", socket)
        #expect(driver.events(socket, "action_plan").count == 30)
        #expect(driver.names(socket).last == "error")
        #expect(driver.events(socket, "error")[0]["message"]?.text?.contains("30") == true)
        #expect(driver.events(socket, "task_complete").isEmpty)
        #expect(driver.truth.tasks.refused == 1)
        try driver.send("continue_task", #"{"sessionId":"s1"}"#, from: socket)
        #expect(driver.names(socket).last == "error")
        #expect(driver.events(socket, "error").count == 1)
        try driver.ask("s1", socket, limit: 0)
        #expect(driver.events(socket, "message_done").count == 2)
    }

    @Test("With cycle, the same actions come again and again", arguments: [1, 3, 8])
    func cycling(period: Int) throws {
        var driver = LeFluxDriver([.cycle(period: period)])
        let socket = try driver.join("s1")
        try driver.ask("s1", socket)
        let actions = driver.events(socket, "action_plan").map { plan -> String in
            let action = plan["actions"]?[0]
            return "\(action?["type"]?.text ?? "")#\(action?["elementId"]?.number ?? -1)"
        }
        #expect(Set(actions).count == period)
        #expect(actions.indices.dropFirst(period).allSatisfy { actions[$0] == actions[$0 - period] })
    }

    @Test("With ignore-plan-limit, tasks go on for ever and touch ever new elements")
    func runaway() throws {
        var driver = LeFluxDriver([.ignorePlanLimit])
        let socket = try driver.join("s1")
        try driver.ask("s1", socket, limit: 200)
        let plans = driver.events(socket, "action_plan")
        #expect(plans.count >= 200)
        #expect(driver.names(socket).last == "action_plan")
        let first = plans.compactMap { $0["actions"]?[0]?["elementId"]?.number }
        #expect(Set(first).count == plans.count)
        #expect(driver.truth.tasks.open == 1)
    }

    @Test("With both, the cycle has no end")
    func endlessCycle() throws {
        var driver = LeFluxDriver([.ignorePlanLimit, .cycle(period: 2)])
        let socket = try driver.join("s1")
        try driver.ask("s1", socket, limit: 100)
        let plans = driver.events(socket, "action_plan")
        #expect(plans.count >= 99)
        #expect(Set(plans.compactMap { $0["actions"]?[0]?["elementId"]?.number }).count == 2)
    }

    @Test("A new question ends the task before it")
    func superseded() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        driver.chat("s1")
        driver.pass(.milliseconds(40))
        driver.chat("s1")
        driver.pass(.seconds(5))
        #expect(driver.events(socket, "message_done").count == 1)
        #expect(Set(driver.events(socket, "message_chunk").compactMap { $0["streamId"]?.text }).count == 2)
        #expect(driver.truth.tasks.superseded == 1)
        #expect(driver.truth.streams.cut == 1)
        #expect(driver.truth.streams.completed == 1)
        #expect(driver.truth.tasks.open == 1)
    }

    @Test("A task waits for its client to come back, and the chunks it had come again")
    func heldStream() throws {
        var driver = LeFluxDriver([.chunks(20)])
        let first = try driver.join("s1")
        driver.chat("s1")
        driver.pass(.milliseconds(100))
        let had = driver.events(first, "message_chunk").count
        #expect(had == 10)
        driver.disconnect(first)
        driver.pass(.seconds(29))
        let second = try driver.join("s1")
        driver.pass(.seconds(5))
        #expect(driver.events(first, "message_chunk").count == had)
        let indices = driver.events(second, "message_chunk").map { $0["chunkIndex"]?.number }
        #expect(indices == Array(0..<20))
        #expect(driver.events(second, "message_done").count == 1)
        #expect(driver.truth.chunks.replayed == had)
    }

    @Test("The plan that waits for its reply comes again after a return")
    func heldPlan() throws {
        var driver = LeFluxDriver([.cycle(period: 3)])
        let first = try driver.join("s1")
        driver.chat("s1")
        driver.pass(.seconds(5))
        if driver.names(first).last == "confirmation_required" {
            try driver.send("confirmation_response", #"{"confirmed":true}"#, from: first)
        }
        driver.disconnect(first)
        let second = try driver.join("s1")
        #expect(driver.events(second, "action_plan") == driver.events(first, "action_plan"))
        #expect(driver.truth.plans.sent == 1)
        #expect(driver.truth.plans.resent == 1)
    }

    @Test("A task is given up when nobody comes back in time")
    func abandoned() throws {
        var driver = LeFluxDriver()
        let first = try driver.join("s1")
        driver.chat("s1")
        driver.pass(.milliseconds(30))
        driver.disconnect(first)
        driver.pass(.seconds(31))
        #expect(driver.truth.tasks.abandoned == 1)
        #expect(driver.truth.streams.cut == 1)
        let second = try driver.join("s1")
        driver.pass(.seconds(5))
        #expect(driver.names(second) == ["session_joined"])
    }

    @Test("A question asked before any socket is there is answered to the one that joins")
    func questionFirst() throws {
        var driver = LeFluxDriver()
        let id = try #require(driver.post("/api/session/init", "").1["sessionId"]?.text)
        #expect(driver.chat(id).0 == 200)
        driver.pass(.seconds(3))
        let socket = try driver.join(id)
        driver.pass(.seconds(5))
        #expect(driver.events(socket, "message_done").count == 1)
    }

    @Test("Every task that started is counted under one end or as open")
    func balance() throws {
        var driver = LeFluxDriver(seed: 3)
        for visitor in 0..<60 {
            let session = "s\(visitor)"
            let socket = try driver.join(session)
            try driver.ask(session, socket, limit: visitor % 7, confirms: visitor % 2 == 0)
            if visitor % 3 == 0 { driver.chat(session) }
            if visitor % 4 == 0 { driver.disconnect(socket) }
        }
        driver.pass(.minutes(2))
        let tasks = driver.truth.tasks
        #expect(
            tasks.started
                == tasks.completed + tasks.aborted + tasks.refused + tasks.superseded + tasks.abandoned + tasks.open
        )
        let streams = driver.truth.streams
        #expect(streams.started == streams.completed + streams.cut)
        #expect(tasks.abandoned > 0 && tasks.superseded > 0 && tasks.open > 0 && tasks.completed > 0)
    }
}

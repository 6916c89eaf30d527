import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct LeFluxCurrentTests {
    private static let kept = "11111111-2222-4333-8444-555555555555"

    /// A driver, and a session in which a socket is.
    private func visit(
        seed: UInt64 = 7,
        _ faults: [Fault] = []
    ) throws -> (driver: LeFluxCurrentDriver, session: String, socket: SocketID) {
        var driver = LeFluxCurrentDriver(seed: seed, faults)
        let session = try #require(driver.post("/api/session/init", "{}").1["sessionId"]?.text)
        let socket = try driver.join(session)
        return (driver, session, socket)
    }

    @Test("A session that was made is joined by its bare id, and nothing is said of a return")
    func join() throws {
        var (driver, session, socket) = try visit()
        #expect(driver.events(socket)[0].payload.jsonText == #"{"sessionId":"\#(session)","history":[]}"#)
        try driver.ask(session, socket, "Is it in stock?")
        driver.disconnect(socket)
        let again = try driver.join(session)
        let joined = driver.events(again)[0].payload
        #expect(joined.keys == ["sessionId", "history"])
        #expect(joined["history"]?.elements.map { $0["role"]?.text } == ["user", "assistant"])
        #expect(driver.truth.sessions.restored == 1)
    }

    @Test(
        "Nothing but the bare id of a session that is there joins",
        arguments: [
            "", "{}", "7", "null", #""""#, #""s1""#, #"{"sessionId":"\#(Self.kept)"}"#, #""\#(Self.kept)""#,
        ]
    )
    func badJoin(payload: String) throws {
        var driver = LeFluxCurrentDriver()
        let socket = driver.connect(session: Self.kept)
        driver.pass(.seconds(60))
        #expect(try driver.send("join_session", payload, from: socket) != .accepted)
        #expect(driver.names(socket) == ["error"])
    }

    @Test("An init takes the id that the widget kept, if it is one")
    func keptSession() throws {
        var driver = LeFluxCurrentDriver()
        for _ in 0..<2 {
            let (status, body) = driver.post("/api/session/init", #"{"sessionId":"\#(Self.kept)"}"#)
            #expect(status == 200)
            #expect(body["sessionId"] == .string(Self.kept))
        }
        #expect(driver.truth.sessions.created == 1)
        #expect(driver.post("/api/session/init", #"{"sessionId":"s1"}"#).0 == 400)
        let socket = try driver.join(Self.kept)
        #expect(driver.names(socket) == ["session_joined"])
    }

    @Test("The older socket of a session is told, hears nothing more, and stays connected")
    func takenOver() throws {
        var (driver, session, older) = try visit()
        let newer = try driver.join(session)
        #expect(driver.names(older) == ["session_joined", "session_taken_over"])
        #expect(driver.events(older, "session_taken_over")[0]["sessionId"] == .string(session))
        #expect(driver.kicked.isEmpty)
        driver.chat(session)
        driver.pass(.seconds(3))
        #expect(driver.names(newer).contains("message_done"))
        #expect(driver.names(older).count == 2)
        driver.disconnect(older)
        try driver.send("heartbeat", #"{"sessionId":"\#(session)","tabVisible":true}"#, from: newer)
        #expect(!driver.names(newer).contains("error"))
    }

    @Test("A heartbeat says whether the tab is visible, and is not answered")
    func heartbeat() throws {
        var (driver, session, socket) = try visit()
        let reply = try driver.send("heartbeat", #"{"sessionId":"\#(session)","tabVisible":false}"#, from: socket)
        #expect(reply == .accepted)
        #expect(driver.names(socket) == ["session_joined"])
        #expect(try driver.send("heartbeat", #"{"sessionId":"\#(session)"}"#, from: socket) != .accepted)
        var document = LeFluxDriver()
        let other = try document.join("s1")
        let unknown = try document.send("heartbeat", #"{"sessionId":"s1","tabVisible":true}"#, from: other)
        #expect(unknown == .rejected("unknown event"))
    }

    @Test("The agent asks back before its first plan, and the next chat is the answer")
    func askUser() throws {
        var (driver, session, socket) = try visit()
        driver.chat(session, "/ask order a shirt")
        driver.pass(.seconds(20))
        #expect(driver.names(socket).last == "ask_user")
        #expect(driver.events(socket, "action_plan").isEmpty)
        let question = driver.events(socket, "ask_user")[0]
        #expect(question["question"]?.text != nil && question["options"]?.elements.count == 3)
        let first = driver.events(socket, "message_done").count
        #expect(driver.chat(session, "M").1["status"] == .string("processing"))
        driver.pass(.seconds(1))
        #expect(driver.names(socket).last == "action_plan")
        #expect(driver.events(socket, "message_done").count == first)
        #expect(driver.truth.tasks.started == 1 && driver.truth.tasks.superseded == 0)
    }

    @Test(
        "The chunks that a client had before it was lost come again when it is back within 30 s, and the rest after them"
    )
    func heldStream() throws {
        var (driver, session, socket) = try visit([.chunks(20)])
        driver.chat(session)
        driver.pass(.milliseconds(100))
        let had = driver.events(socket, "message_chunk").count
        driver.disconnect(socket)
        driver.pass(.seconds(29))
        let second = try driver.join(session)
        driver.pass(.seconds(5))
        let indices = driver.events(second, "message_chunk").map { $0["chunkIndex"]?.number }
        #expect(had > 0 && had < 20)
        #expect(indices == Array(0..<20))
        #expect(driver.truth.chunks.replayed == had)
    }

    @Test("A question that waits for its answer comes again after a return, and the answer may come before it")
    func heldQuestion() throws {
        var (driver, session, socket) = try visit()
        driver.chat(session, "/ask")
        driver.pass(.seconds(2))
        driver.disconnect(socket)
        let second = try driver.join(session)
        #expect(driver.names(second) == ["session_joined", "ask_user"])
        driver.disconnect(second)
        driver.chat(session, "M")
        driver.pass(.seconds(10))
        let third = try driver.join(session)
        driver.pass(.seconds(1))
        #expect(driver.names(third) == ["session_joined", "action_plan"])
    }

    @Test("A task that gets nowhere ends with a summary: three clicks, two pages or three scrolls")
    func loops() throws {
        var counts: Set<[String]> = []
        for seed in 1...20 as ClosedRange<UInt64> {
            var (driver, session, socket) = try visit(seed: seed)
            try driver.ask(session, socket, "/loop")
            counts.insert(
                driver.events(socket, "action_plan").compactMap { $0["actions"]?[0]?["type"]?.text }
            )
            #expect(driver.events(socket, "task_complete").map { $0["summary"]?.text } == ["stopped"])
            #expect(driver.truth.tasks.completed == 1)
        }
        #expect(
            counts == [
                ["click_element", "click_element", "click_element"], ["navigate", "navigate"],
                ["scroll", "scroll", "scroll"],
            ]
        )
    }

    @Test("With the fault `cycle`, a task that gets nowhere goes on to the limit")
    func cycle() throws {
        var (driver, session, socket) = try visit([.cycle(period: 1)])
        try driver.ask(session, socket)
        #expect(driver.events(socket, "action_plan").count == 30)
        #expect(driver.truth.tasks.refused == 1)
    }

    @Test("The list of a sequence is called actions or steps")
    func lists() throws {
        var names: Set<String> = []
        for seed in 1...40 as ClosedRange<UInt64> {
            var (driver, session, socket) = try visit(seed: seed)
            try driver.ask(session, socket)
            for plan in driver.events(socket, "action_plan") where plan["isSequence"] == .bool(true) {
                #expect((plan["steps"] ?? plan["actions"])?.elements.count == 3)
                #expect(plan["steps"] == nil || plan["actions"] == nil)
                names.insert(plan["steps"] == nil ? "actions" : "steps")
            }
        }
        #expect(names == ["actions", "steps"])
    }

    @Test("Moves are counted in a row, and others between them begin anew")
    func loopGuard() {
        var loopGuard = LeFluxLoopGuard()
        #expect(!loopGuard.isStuck)
        for _ in 0..<5 { loopGuard.note(nil) }
        #expect(!loopGuard.isStuck)
        for _ in 0..<2 { loopGuard.note(.click(element: 1)) }
        loopGuard.note(.click(element: 2))
        #expect(!loopGuard.isStuck)
        loopGuard.note(.click(element: 2))
        loopGuard.note(nil)
        loopGuard.note(.click(element: 2))
        #expect(!loopGuard.isStuck)
        loopGuard.note(.navigation)
        #expect(!loopGuard.isStuck)
        loopGuard.note(.navigation)
        #expect(loopGuard.isStuck)
    }

    @Test("Both generations say only what they have")
    func events() {
        #expect(LeFluxDialect<LeFluxCurrent>.sentEvents.suffix(2) == ["ask_user", "session_taken_over"])
        #expect(LeFluxDialect<LeFluxDocument>.sentEvents.count == 9)
    }
}

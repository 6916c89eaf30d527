import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct LeFluxSessionTests {
    @Test("A join is answered with the session, not restored at first, with an empty history")
    func firstJoin() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        #expect(driver.names(socket) == ["session_joined"])
        let joined = driver.events(socket)[0].payload
        #expect(joined.jsonText == #"{"sessionId":"s1","restored":false,"history":[]}"#)
    }

    @Test("A session id may come as a bare string")
    func bareString() throws {
        var driver = LeFluxDriver()
        let socket = driver.connect()
        #expect(try driver.send("join_session", #""s1""#, from: socket) == .accepted)
        #expect(driver.events(socket)[0].payload["sessionId"] == .string("s1"))
    }

    @Test("A later socket finds the session restored, with what was said")
    func restored() throws {
        var driver = LeFluxDriver()
        let first = try driver.join("s1")
        driver.chat("s1", "Is it in stock?")
        driver.pass(.seconds(5))
        driver.disconnect(first)
        let second = try driver.join("s1")
        let joined = driver.events(second)[0].payload
        #expect(joined["restored"] == .bool(true))
        let history = joined["history"]?.elements ?? []
        #expect(history.map { $0["role"]?.text } == ["user", "assistant"])
        #expect(history[0]["text"] == .string("Is it in stock?"))
        #expect(history[1]["text"] == driver.events(first, "message_done")[0]["text"])
        #expect(driver.truth.sessions.restored == 1)
    }

    @Test("A session that only an init made is new to its first socket")
    func initIsNotAJoin() throws {
        var driver = LeFluxDriver()
        let (status, body) = driver.post("/api/session/init", "")
        #expect(status == 200)
        let id = try #require(body["sessionId"]?.text)
        let socket = try driver.join(id)
        #expect(driver.events(socket)[0].payload["restored"] == .bool(false))
    }

    @Test("With the session in the query, one join_session gets one answer")
    func queryAndJoin() throws {
        var driver = LeFluxDriver()
        let socket = driver.connect(session: "s1")
        #expect(driver.names(socket).isEmpty)
        driver.pass(.seconds(3))
        try driver.send("join_session", #"{"sessionId":"s1"}"#, from: socket)
        driver.pass(.seconds(60))
        #expect(driver.names(socket) == ["session_joined"])
        #expect(driver.events(socket)[0].payload["restored"] == .bool(false))
    }

    @Test("With the session in the query alone, session_joined comes unasked after a while")
    func queryAlone() {
        var driver = LeFluxDriver()
        let socket = driver.connect(session: "s1")
        driver.pass(LeFluxDialect<LeFluxDocument>.unaskedJoinDelay - .nanoseconds(1))
        #expect(driver.names(socket).isEmpty)
        driver.pass(.nanoseconds(1))
        #expect(driver.names(socket) == ["session_joined"])
    }

    @Test("Each join of the same socket is answered, with the same restored")
    func joinTwice() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        try driver.send("join_session", #"{"sessionId":"s1"}"#, from: socket)
        #expect(driver.events(socket, "session_joined").map { $0["restored"] } == [.bool(false), .bool(false)])
        #expect(driver.truth.sessions.restored == 0)
    }

    @Test("A newer socket of a session kicks the older one, which then hears nothing more")
    func kick() throws {
        var driver = LeFluxDriver()
        let older = try driver.join("s1")
        let newer = try driver.join("s1")
        #expect(driver.kicked == [older])
        #expect(driver.events(newer)[0].payload["restored"] == .bool(true))
        // The server reports the end of the kicked socket too; the session stays the newer one's.
        driver.disconnect(older)
        driver.chat("s1")
        driver.pass(.seconds(5))
        #expect(driver.names(older) == ["session_joined"])
        #expect(driver.names(newer).contains("message_done"))
    }

    @Test("A socket that joins another session leaves the one before")
    func switching() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        try driver.send("join_session", #"{"sessionId":"s2"}"#, from: socket)
        driver.chat("s1")
        driver.pass(.seconds(5))
        #expect(driver.names(socket) == ["session_joined", "session_joined"])
        #expect(driver.kicked.isEmpty)
    }

    @Test(
        "A join without a proper session id is refused",
        arguments: ["", "{}", #"{"sessionId":""}"#, #"{"sessionId":7}"#, "null", "[]", #"{"sessionId":null}"#]
    )
    func badJoin(json: String) throws {
        var driver = LeFluxDriver()
        let socket = driver.connect()
        #expect(try driver.send("join_session", json, from: socket) != .accepted)
        #expect(driver.names(socket) == ["error"])
    }

    @Test("Events before a join, and events for another session, are refused")
    func wrongSession() throws {
        var driver = LeFluxDriver()
        let socket = driver.connect()
        #expect(try driver.send("continue_task", "{}", from: socket) != .accepted)
        try driver.send("join_session", #""s1""#, from: socket)
        #expect(try driver.send("continue_task", #"{"sessionId":"s2"}"#, from: socket) != .accepted)
        #expect(driver.names(socket) == ["error", "session_joined", "error"])
    }

    @Test("An unknown event is not accepted and not answered otherwise")
    func unknownEvent() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        #expect(try driver.send("dance", "{}", from: socket) == .rejected("unknown event"))
        #expect(driver.names(socket) == ["session_joined"])
    }

    @Test("A context is accepted up to the limit")
    func context() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        func context(_ size: Int) -> String {
            #"{"sessionId":"s1","context":{"visibleText":"\#(String(repeating: "x", count: size))"}}"#
        }
        #expect(try driver.send("update_context", context(200_000), from: socket) == .accepted)
        #expect(try driver.send("update_context", context(300_000), from: socket) != .accepted)
        #expect(try driver.send("update_context", #"{"sessionId":"s1"}"#, from: socket) != .accepted)
        #expect(driver.names(socket) == ["session_joined", "error", "error"])
    }

    @Test("A session that nobody comes back to is forgotten after half an hour")
    func expiry() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        driver.pass(.minutes(40))
        #expect(driver.chat("s1").0 == 200)
        driver.pass(.seconds(5))
        driver.disconnect(socket)
        driver.pass(.minutes(29))
        #expect(driver.truth.sessions.expired == 0)
        driver.pass(.minutes(3))
        #expect(driver.truth.sessions.expired == 1)
        #expect(driver.chat("s1").0 == 404)
        let again = try driver.join("s1")
        #expect(driver.events(again)[0].payload["restored"] == .bool(false))
    }

    @Test("The history keeps the last lines")
    func longHistory() throws {
        var driver = LeFluxDriver()
        let socket = try driver.join("s1")
        for question in 0..<30 {
            driver.chat("s1", "question \(question)")
            driver.pass(.seconds(5))
        }
        try driver.send("join_session", #""s1""#, from: socket)
        let history = driver.events(socket, "session_joined")[1]["history"]?.elements ?? []
        #expect(history.count == LeFluxSession.historyLimit)
        #expect(history[history.count - 2]["text"] == .string("question 29"))
    }
}

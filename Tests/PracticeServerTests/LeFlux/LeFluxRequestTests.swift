import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct LeFluxRequestTests {
    @Test("A chat is answered at once with an id")
    func chat() throws {
        var driver = LeFluxDriver()
        _ = try driver.join("s1")
        let (status, body) = driver.chat("s1")
        #expect(status == 200)
        #expect(body["status"] == .string("processing"))
        #expect(body["messageId"]?.text?.hasPrefix("message-") == true)
    }

    @Test(
        "A chat that is not in order gets 400",
        arguments: [
            "", "{", "[]", "null", "{}", #"{"sessionId":"s1"}"#, #"{"message":"x"}"#,
            #"{"sessionId":"s1","message":""}"#,
            #"{"sessionId":"s1","message":7}"#, #"{"sessionId":"s1","message":"x","context":7}"#,
        ]
    )
    func badChat(body: String) throws {
        var driver = LeFluxDriver()
        _ = try driver.join("s1")
        #expect(driver.post("/api/chat", body).0 == 400)
        #expect(driver.truth.tasks.started == 0)
    }

    @Test("A message may have 5000 characters and no more")
    func length() throws {
        var driver = LeFluxDriver()
        _ = try driver.join("s1")
        #expect(driver.chat("s1", String(repeating: "ä", count: 5000)).0 == 200)
        let (status, body) = driver.chat("s1", String(repeating: "x", count: 5001))
        #expect(status == 400)
        #expect(body["error"] == .string("message_too_long"))
    }

    @Test("A chat in a session that nobody knows gets 404")
    func unknownSession() {
        var driver = LeFluxDriver()
        let (status, body) = driver.chat("nobody")
        #expect(status == 404)
        #expect(body["error"] == .string("session_not_found"))
    }

    @Test("Sessions made by init differ, are UUIDs, and are the same for the same seed")
    func sessionInit() {
        var driver = LeFluxDriver(seed: 1)
        var other = LeFluxDriver(seed: 1)
        let ids = (0..<5).map { _ in driver.post("/api/session/init", "{}").1["sessionId"]?.text ?? "" }
        #expect(Set(ids).count == 5)
        #expect(
            ids.allSatisfy {
                $0.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil
            }
        )
        #expect(ids == (0..<5).map { _ in other.post("/api/session/init", "").1["sessionId"]?.text ?? "" })
    }

    @Test("Health is ok, other paths are not found, other methods not allowed")
    func routes() {
        var driver = LeFluxDriver()
        #expect(driver.request("GET", "/health").1 == .object([.init("status", .string("ok"))]))
        #expect(driver.request("GET", "/").0 == 404)
        #expect(driver.request("GET", "/api/chat").0 == 405)
        #expect(driver.request("DELETE", "/health").0 == 405)
    }

    @Test("Rates are limited per minute and address only with the fault")
    func rates() {
        var free = LeFluxDriver()
        #expect((0..<100).allSatisfy { _ in free.post("/api/session/init", "").0 == 200 })
        var limited = LeFluxDriver([.rateLimit])
        let first = (0..<12).map { _ in limited.post("/api/session/init", "").0 }
        #expect(first == Array(repeating: 200, count: 10) + [429, 429])
        #expect(limited.post("/api/session/init", "", address: "10.0.0.2").0 == 200)
        let chats = (0..<31).map { _ in limited.chat("nobody").0 }
        #expect(chats == Array(repeating: 404, count: 30) + [429])
        limited.pass(.minutes(1))
        #expect(limited.post("/api/session/init", "").0 == 200)
    }
}

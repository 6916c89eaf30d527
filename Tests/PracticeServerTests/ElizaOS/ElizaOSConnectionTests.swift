import Testing
import Wire

@testable import PracticeServer

@Suite struct ElizaOSConnectionTests {
    @Test("Who connects is told the id of the socket")
    func established() throws {
        var driver = ElizaOSDriver()
        let socket = try driver.connect()
        #expect(driver.names(socket) == ["connection_established"])
        #expect(driver.events(socket, "connection_established").first?["socketId"] == .string("sid-1"))
    }

    @Test(
        "The document's server says unauthorized to a wrong key, and to a missing one where keys are asked for",
        arguments: [
            (nil, [Fault](), true), (#"{"apiKey":"practice-key"}"#, [], true), (#"{"apiKey":"wrong"}"#, [], false),
            (#"{"apiKey":7}"#, [], false), (#"{"apiKey":null}"#, [], true), (nil, [.authentication(true)], false),
            (#"{"apiKey":"practice-key"}"#, [.authentication(true)], true),
            (#"{"apiKey":"wrong"}"#, [.authentication(false)], true),
        ] as [(String?, [Fault], Bool)]
    )
    func unauthorized(auth: String?, faults: [Fault], isLetIn: Bool) throws {
        var driver = ElizaOSDriver(faults)
        let socket = try driver.connect(auth)
        #expect(driver.isClosed(socket) == !isLetIn)
        #expect(driver.names(socket) == [isLetIn ? "connection_established" : "unauthorized"])
        if !isLetIn {
            #expect(driver.events(socket).first?.payload == .string("Invalid or missing API Key"))
            #expect(try driver.say("hello", 0, from: socket) == .rejected("unauthorized"))
        }
    }

    @Test("The key may come in a header")
    func header() throws {
        var driver = ElizaOSDriver([.authentication(true)])
        let good = try driver.connect(headers: [("X-API-Key", "practice-key")])
        let bad = try driver.connect(headers: [("X-API-Key", "practice")])
        #expect(!driver.isClosed(good))
        #expect(driver.isClosed(bad))
        var current = ElizaOSCurrentDriver()
        let entity = #"{"entityId":"\#(ElizaOSIDs.user(1))"}"#
        #expect(try current.join(entity, headers: [("x-api-key", "practice-key")]).refusal == nil)
    }

    @Test(
        "The current server refuses with the words of the real one",
        arguments: [
            (nil, "Invalid or missing API Key"), ("{}", "Invalid or missing API Key"),
            (#"{"apiKey":"wrong","entityId":"x"}"#, "Invalid or missing API Key"),
            (#"{"apiKey":"practice-key"}"#, "Valid entityId required"),
            (#"{"apiKey":"practice-key","entityId":"me"}"#, "Valid entityId required"),
            (#"{"apiKey":"practice-key","entityId":null}"#, "Valid entityId required"),
            (#"{"apiKey":"practice-key","entityId":42}"#, "Authentication failed"),
        ] as [(String?, String)]
    )
    func refusals(auth: String?, text: String) throws {
        var driver = ElizaOSCurrentDriver()
        #expect(try driver.join(auth).refusal == text)
    }

    @Test("Without authentication the current server still asks for an entity")
    func entityAlone() throws {
        var driver = ElizaOSCurrentDriver([.authentication(false)])
        #expect(try driver.join().refusal == "Valid entityId required")
        let entity = ElizaOSIDs.user(3)
        let socket = try driver.connect(#"{"entityId":"\#(entity)"}"#)
        #expect(driver.names(socket) == ["authenticated", "connection_established"])
        #expect(driver.events(socket, "authenticated").first?["entityId"] == .string(entity))
    }
}

import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct PraxisLimitTests {
    @Test("The connection after the hundredth is closed with 1008, and there is room again when one leaves")
    func connections() throws {
        var driver = PraxisDriver()
        let clients = try (0..<100).map { _ in try driver.open() }
        let late = try driver.open()
        #expect(driver.closed[late] == .init(end: .overLimit, code: 1008, reason: "Maximum connections reached"))
        #expect(driver.names(late) == [])
        driver.close(clients[50])
        let next = try driver.open()
        #expect(driver.closed[next] == nil)
        #expect(driver.names(next) == ["chatMessage"])
        #expect(driver.request("GET", "/stats").1["websocket_manager"]?["active_connections"] == .integer(100))
    }

    @Test("The limit is what the option says, and none with ignore-limits")
    func option() throws {
        var driver = PraxisDriver([.maxConnections(2)])
        let clients = try [driver.open(), driver.open(), driver.open()]
        #expect(clients.map { driver.closed[$0]?.code } == [nil, nil, 1008])
        var lax = PraxisDriver([.maxConnections(2), .ignoreLimits])
        let more = try [lax.open(), lax.open(), lax.open()]
        #expect(more.allSatisfy { lax.closed[$0] == nil })
    }

    @Test("The eleventh error is answered, and ends the connection")
    func errors() throws {
        var driver = PraxisDriver()
        let client = try driver.open()
        for _ in 0..<10 { driver.send("x", from: client) }
        #expect(driver.closed[client] == nil)
        driver.send("x", from: client)
        #expect(driver.payloads(client, "error").count == 11)
        #expect(driver.closed[client] == .init(end: .tooManyErrors, code: 1000, reason: "Connection cleanup"))
        var lax = PraxisDriver([.ignoreLimits])
        let other = try lax.open()
        for _ in 0..<20 { lax.send("x", from: other) }
        #expect(lax.closed[other] == nil)
    }

    @Test("Three intervals without a PING end a connection, whatever else it sends")
    func silence() throws {
        var driver = PraxisDriver()
        let silent = try driver.open()
        let pinging = try driver.open()
        driver.pass(.seconds(80))
        driver.say("CHAT_MESSAGE", #"{"content":"x"}"#, from: silent)
        driver.say("PING", from: pinging)
        driver.pass(.milliseconds(9_999))
        #expect(driver.closed[silent] == nil)
        driver.pass(.milliseconds(1))
        #expect(driver.closed[silent] == .init(end: .heartbeatMissed, code: 1000, reason: "Heartbeat timeout"))
        #expect(driver.closed[pinging] == nil)
        driver.pass(.seconds(80))
        #expect(driver.closed[pinging]?.end == .heartbeatMissed)
    }

    @Test("The interval is what the option says; with ignore-limits nobody is cut")
    func interval() throws {
        var driver = PraxisDriver([.heartbeat(.seconds(1))])
        let client = try driver.open()
        driver.pass(.milliseconds(3_001))
        #expect(driver.closed[client]?.end == .heartbeatMissed)
        var lax = PraxisDriver([.heartbeat(.seconds(1)), .ignoreLimits])
        let other = try lax.open()
        lax.pass(.minutes(1))
        #expect(lax.closed[other] == nil)
    }

    @Test("With no-pong pings are counted and not answered, and still keep a connection")
    func noPong() throws {
        var driver = PraxisDriver([.noPong])
        let client = try driver.open()
        for _ in 0..<5 {
            driver.pass(.seconds(30))
            driver.say("PING", from: client)
        }
        #expect(driver.names(client) == ["chatMessage"])
        #expect(driver.closed[client] == nil)
        #expect(driver.truth.messages.pingsReceived == 5)
        #expect(driver.truth.messages.pongsSent == 0)
    }

    @Test(
        "A token is looked at where the server was told so",
        arguments: [
            ([], "/ws/events", true), ([.requireToken(nil)], "/ws/events", false),
            ([.requireToken(nil)], "/ws/events?token=", false), ([.requireToken(nil)], "/ws/events?token=a", true),
            ([.requireToken("a b")], "/ws/events?token=a", false),
            ([.requireToken("a b")], "/ws/workflow?x=1&token=a%20b", true),
        ] as [([Fault], String, Bool)]
    )
    func token(faults: [Fault], uri: String, isAdmitted: Bool) throws {
        var driver = PraxisDriver(faults)
        if isAdmitted {
            let client = try driver.open(uri)
            #expect(driver.names(client) == ["chatMessage"])
        } else {
            #expect(throws: Refused(status: 403)) { try driver.open(uri) }
        }
    }

    @Test("Deliveries suffer what the faults say, and answers to one client do not")
    func deliveries() throws {
        for (fault, seen) in [(Fault.loseDelivery(every: 4), 12), (.doubleDelivery(every: 4), 20)] {
            var driver = PraxisDriver([fault])
            let clients = try (0..<4).map { _ in try driver.open() }
            driver.say("DSL_COMMAND", #"{"command":"x"}"#, from: clients[0])
            for client in clients { driver.say("PING", from: client) }
            driver.pass(.seconds(3))
            #expect(clients.reduce(0) { $0 + driver.names($1).filter { $0.hasPrefix("dsl") }.count } == seen)
            #expect(clients.allSatisfy { driver.payloads($0, "PONG").count == 1 })
            #expect(driver.truth.deliveries.expected == 16)
            #expect(driver.request("GET", "/stats").1["websocket_manager"]?["messages_sent"] == .integer(seen + 8))
        }
    }
}

import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct XenonSimulationTests {
    /// Some dashboards and two nodes, after a while.
    private func run<G: XenonGeneration>(
        _ generation: G.Type,
        _ faults: [Fault] = [],
        seed: UInt64 = 7,
        dashboards count: Int = 1,
        for time: TimeAmount = .minutes(1)
    ) throws -> (driver: DialectDriver<XenonDialect<G>>, dashboards: [SocketID], nodes: [SocketID]) {
        var driver = DialectDriver<XenonDialect<G>>(faults + [.authentication(false)], seed: seed)
        let dashboards = try (0..<count).map { _ in
            let socket = try driver.connect()
            try driver.send("register_dashboard", from: socket)
            return socket
        }
        let nodes = try (0..<2).map { number in
            let socket = try driver.connect()
            try driver.send("register_node", #"{"host":"node-\#(number):4723"}"#, from: socket)
            return socket
        }
        driver.pass(time)
        return (driver, dashboards, nodes)
    }

    @Test("Every event of the document comes, and no other")
    func document() throws {
        var (driver, dashboards, nodes) = try run(XenonDocument.self)
        driver.disconnect(nodes[0])
        let names = Set(driver.names(dashboards[0]))
        let expected = XenonEvent.allCases.prefix { $0 != .deviceAdded }.map { "\($0.name)" }
        #expect(names == Set(expected))
        #expect(driver.names(nodes[0]).isEmpty)
    }

    @Test("The current server has those of phones and recordings, too")
    func current() throws {
        var (driver, dashboards, nodes) = try run(XenonCurrent.self)
        driver.disconnect(nodes[0])
        #expect(Set(driver.names(dashboards[0])) == Set(XenonEvent.allCases.map { "\($0.name)" }))
        #expect(driver.events(dashboards[0], "device_removed").count == 2)
    }

    @Test("All dashboards get the same events in the same order, each with an id of its own")
    func fanOut() throws {
        let (driver, dashboards, _) = try run(XenonDocument.self, dashboards: 3, for: .seconds(10))
        let first = driver.events(dashboards[0]).map(\.payload)
        #expect(dashboards.allSatisfy { driver.events($0).map(\.payload) == first })
        #expect(Set(first.compactMap { $0["eventId"]?.text }).count == first.count)
        #expect(driver.truth.deliveries.expected == 3 * first.count)
    }

    @Test("A session begins, runs and stops, and its events are numbered without a gap")
    func sessions() throws {
        let (driver, dashboards, _) = try run(XenonDocument.self)
        let stopped = driver.events(dashboards[0], "session_stopped")
        #expect(stopped.count > 50)
        let bySession = Dictionary(grouping: driver.events(dashboards[0])) { event in
            (event.payload["session_id"] ?? event.payload["sessionId"] ?? event.payload["id"])?.text ?? ""
        }
        for session in stopped.compactMap({ $0["id"]?.text }) {
            let events = bySession[session] ?? []
            #expect(events.first?.name == "session_started")
            #expect(events.last?.name == "session_stopped")
            #expect(events.dropFirst().map { $0.payload["sequence"]?.number } == Array(0..<events.count - 1))
            #expect(events.first?.payload["sequence"] == nil)
            #expect(Set(events.compactMap { $0.payload["order"]?.text }).count == 1)
            let isIntercepted = events.contains { $0.name == "interceptor_session_started" }
            #expect(events.contains { $0.name == "interceptor_request" } == isIntercepted)
            #expect(events.contains { $0.name == "interceptor_session_stopped" } == isIntercepted)
        }
    }

    @Test("A phone has one session at a time")
    func oneAtATime() throws {
        let (driver, dashboards, _) = try run(XenonDocument.self)
        var running: [String: String] = [:]
        for (name, payload) in driver.events(dashboards[0]) {
            guard let order = payload["order"]?.text, let id = payload["id"]?.text else { continue }
            if name == "session_started" {
                #expect(running.updateValue(id, forKey: order) == nil)
            } else if name == "session_stopped" {
                #expect(running.removeValue(forKey: order) == id)
            }
        }
    }

    @Test("A selector goes only where its state lets it, and a heal brings a fixed one back")
    func selectors() throws {
        let (driver, dashboards, _) = try run(XenonDocument.self, for: .minutes(2))
        var states: [String: (status: String, builds: Int)] = [:]
        for (name, payload) in driver.events(dashboards[0]) where name.hasPrefix("selector_") {
            let id = try #require(payload["order"]?.text)
            let status = try #require(payload["status"]?.text)
            let builds = try #require(payload["clean_builds_count"]?.number)
            let before = states[id] ?? ("active", 0)
            switch name {
            case "selector_fixed": #expect(before.status == "active" && status == "pending" && builds == 0)
            case "selector_progress": #expect(before.status == "pending" && builds == before.builds + 1 && builds < 3)
            case "selector_resolved": #expect(before == ("pending", 2) && status == "resolved" && builds == 3)
            case "selector_regressed": #expect(["pending", "resolved"].contains(before.status) && status == "active")
            case "selector_cancelled": #expect(before.status == "pending" && status == "active")
            case "selector_muted": #expect(before.status == "active" && status == "muted")
            case "selector_unmuted": #expect(before.status == "muted" && status == "active")
            default: Issue.record("There is no such event: \(name)")
            }
            states[id] = (status, builds)
            #expect(payload["strategy"] == payload["original_strategy"] && payload["selector"]?.text != nil)
        }
        #expect(states.count == 12)
    }

    @Test("Twenty steps a second are made, or as many as the option says", arguments: [nil, 5, 100] as [Int?])
    func rate(rate: Int?) throws {
        let (driver, _, _) = try run(XenonDocument.self, rate.map { [.rate($0)] } ?? [], for: .seconds(10))
        #expect((-1...0).contains(driver.dialect.steps - 10 * (rate ?? 20)))
    }

    @Test(
        "When a node goes, its sessions fail and then it is gone; the phones of the hub go on while somebody is there"
    )
    func nodeLoss() throws {
        var (driver, dashboards, nodes) = try run(XenonDocument.self, for: .seconds(20))
        driver.clear()
        driver.disconnect(nodes[0])
        let names = driver.names(dashboards[0])
        #expect(names.last == "node_disconnected")
        let stopped = driver.events(dashboards[0], "session_stopped")
        #expect(!stopped.isEmpty)
        #expect(
            stopped.allSatisfy {
                $0["failure_reason"] == .string("Node disconnected") && $0["status"] == .string("failed")
            }
        )
        driver.disconnect(nodes[1])
        driver.clear()
        driver.pass(.minutes(1))
        let udids = Set(driver.events(dashboards[0], "session_started").map { $0["device_udid"]?.text })
        #expect(udids == ["android-0-0", "ios-0-1"])
        driver.disconnect(dashboards[0])
        #expect(driver.dialect.nextDeadline == nil)
    }

    @Test(
        "Every nth event of a session comes after its successor, exactly as many as the truth says",
        arguments: [2, 7]
    )
    func wrongOrder(period: Int) throws {
        let (driver, dashboards, _) = try run(XenonDocument.self, [.wrongOrder(every: period)])
        var last: [String: Int] = [:]
        var late = 0
        for (_, payload) in driver.events(dashboards[0]) {
            guard let order = payload["order"]?.text, order.hasPrefix("phone:") else { continue }
            let session = payload["session_id"] ?? payload["sessionId"] ?? payload["id"]
            guard let id = session?.text, let number = payload["sequence"]?.number else { continue }
            if number < last[id] ?? -1 { late += 1 }
            last[id] = max(last[id] ?? -1, number)
        }
        #expect(late > 20)
        #expect(driver.truth.deliveries.misordered == late)
        #expect(driver.log.count == late)
    }

    @Test("What happens follows from the seed")
    func seeds() throws {
        func events(_ seed: UInt64) throws -> [JSONValue] {
            let (driver, dashboards, _) = try run(XenonDocument.self, seed: seed, for: .seconds(20))
            return driver.events(dashboards[0]).map(\.payload)
        }
        #expect(try events(3) == events(3))
        #expect(try events(3) != events(4))
    }

    @Test(
        "Times are written in ISO 8601",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_700_000_000_123, "2023-11-14T22:13:20.123Z"), (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func times(milliseconds: Int64, text: String) {
        #expect(ISOTime.text(milliseconds) == text)
    }
}

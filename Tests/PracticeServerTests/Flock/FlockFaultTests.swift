import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct FlockFaultTests {
    /// Five clients hear of twenty runs.
    private func run(_ faults: [Fault]) throws -> (driver: FlockDriver, clients: [SocketID]) {
        var driver = FlockDriver(faults)
        let clients = try (0..<5).map { _ in try driver.open() }
        for _ in 0..<20 {
            driver.request("POST", FlockTests.publish, FlockTests.body())
            driver.pass(.milliseconds(7))
        }
        driver.pass(.seconds(10))
        return (driver, clients)
    }

    private func received(_ driver: FlockDriver, _ clients: [SocketID]) -> Int {
        clients.reduce(0) { $0 + driver.names($1).count }
    }

    @Test("Without faults every client gets the same, in the same order")
    func none() throws {
        let (driver, clients) = try run([])
        for client in clients { #expect(driver.messages(client) == driver.messages(clients[0])) }
        #expect(driver.truth.deliveries.expected == received(driver, clients))
        #expect(driver.truth.deliveries.withheld + driver.truth.deliveries.doubled == 0)
        #expect(driver.log.isEmpty)
    }

    @Test("Lost and doubled deliveries are as many as the truth says", arguments: [2, 7])
    func lost(period: Int) throws {
        let (losing, losers) = try run([.loseDelivery(every: period)])
        let lost = losing.truth.deliveries
        #expect(lost.withheld == lost.expected / period)
        #expect(received(losing, losers) == lost.expected - lost.withheld)
        let (doubling, doublers) = try run([.doubleDelivery(every: period)])
        let doubled = doubling.truth.deliveries
        #expect(doubled.doubled == doubled.expected / period)
        #expect(received(doubling, doublers) == doubled.expected + doubled.doubled)
    }

    @Test("Deliveries change places within one run, and none is lost")
    func swapped() throws {
        let (driver, clients) = try run([.swapDelivery(every: 7)])
        let deliveries = driver.truth.deliveries
        #expect(deliveries.swapped > 20)
        #expect(received(driver, clients) == deliveries.expected)
        // The graph belongs to a run as well, although it does not say so.
        let orders = clients.map { client in
            Dictionary(grouping: driver.messages(client).filter { $0["run_id"] != nil }) { $0["run_id"]?.text }
        }
        #expect(Set(orders).count > 1)
    }

    @Test("Every nth run ends before its last output, for everyone", arguments: [1, 4])
    func wrongOrder(period: Int) throws {
        let (driver, clients) = try run([.wrongOrder(every: period)])
        var strays = 0
        for client in clients {
            var ended: Set<String> = []
            for message in driver.messages(client) {
                guard let run = message["run_id"]?.text else { continue }
                if message["status"] != nil { ended.insert(run) }
                if message["is_complete"] != nil, ended.contains(run) { strays += 1 }
            }
            #expect(ended.count == 20)
        }
        #expect(strays == 20 / period * clients.count)
        #expect(driver.truth.deliveries.misordered == strays)
    }

    @Test("Output is as long and as slow as the faults say")
    func pace() throws {
        var driver = FlockDriver([.chunks(6), .chunkInterval(.milliseconds(100))])
        let client = try driver.open()
        driver.request("POST", FlockTests.publish, FlockTests.body())
        driver.pass(.milliseconds(10 + 499))
        #expect(driver.messages(client, "streaming_output").count == 5)
        driver.pass(.milliseconds(2))
        #expect(driver.messages(client, "streaming_output").count == 6)
        #expect(driver.names(client).last == "agent_execution_completed")
    }

    @Test("With no-ping the heartbeat is silent")
    func noPing() throws {
        var driver = FlockDriver([.noPing, .heartbeat(.seconds(1))])
        let client = try driver.open()
        driver.pass(.minutes(1))
        #expect(driver.names(client) == [])
    }
}

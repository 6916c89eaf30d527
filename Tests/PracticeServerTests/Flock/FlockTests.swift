import NIOCore
import Testing
import Wire

@testable import PracticeServer

typealias FlockDriver = SocketDriver<FlockDialect<FlockDocument>>

@Suite struct FlockTests {
    static let publish = "/api/plugin/control/publish"

    static func body(_ type: String = "PizzaOrder", _ content: String = #"{"text":"one with olives"}"#) -> String {
        #"{"artifact_type":"\#(type)","content":\#(content)}"#
    }

    @Test("Every client gets every event of a run, in the order of the lifecycle")
    func lifecycle() throws {
        var driver = FlockDriver([.chunks(3)])
        let clients = try [driver.open(), driver.open(), driver.open()]
        let (status, answer) = driver.request("POST", Self.publish, Self.body())
        #expect(status == 200)
        driver.pass(.seconds(1))
        for client in clients {
            #expect(
                driver.names(client) == [
                    "artifact_published", "graph_updated", "agent_execution_started", "streaming_output",
                    "streaming_output", "streaming_output", "artifact_published", "graph_updated",
                    "agent_execution_completed",
                ]
            )
            #expect(driver.messages(client) == driver.messages(clients[0]))
        }
        let published = driver.messages(clients[0], "artifact_published")
        #expect(published.map { $0["artifact_type"]?.text } == ["PizzaOrder", "Pizza"])
        #expect(published.map { $0["produced_by"]?.text } == ["external", "pizza_master"])
        #expect(published.allSatisfy { $0["correlation_id"] == answer["correlation_id"] })
        #expect(published[0]["artifact_id"] != published[1]["artifact_id"])
        #expect(answer["published_at"] == .string("2023-11-14T22:13:20.000Z"))
        #expect(driver.truth.deliveries.expected == 27)
        #expect(driver.truth.tasks.completed == 1)
    }

    @Test("An event has the fields of the document, and names its type")
    func fields() throws {
        var driver = FlockDriver([.chunks(2)])
        let client = try driver.open()
        driver.request("POST", Self.publish, Self.body())
        driver.pass(.seconds(1))
        for message in driver.messages(client) {
            #expect(message["type"]?.text == driver.names(client)[driver.messages(client).firstIndex(of: message) ?? 0])
        }
        let started = driver.messages(client, "agent_execution_started")[0]
        let run = try #require(started["run_id"]?.text)
        #expect(
            started.jsonText
                == #"{"type":"agent_execution_started","agent_id":"pizza_master","run_id":"\#(run)","#
                + #""timestamp":"2023-11-14T22:13:20.005Z"}"#
        )
        let output = driver.messages(client, "streaming_output")
        #expect(output.map { $0["is_complete"] } == [.bool(false), .bool(true)])
        #expect(output.allSatisfy { $0["run_id"] == .string(run) && $0["agent_id"] == .string("pizza_master") })
        // What was published comes back as it was written, whatever stands in it.
        #expect(output[0]["content"] == .string(#"{"text":"one with olives"}"#))
        let completed = driver.messages(client, "agent_execution_completed")[0]
        // 5 ms to the first of two chunks, 10 ms to the second.
        #expect(
            completed.jsonText
                == #"{"type":"agent_execution_completed","agent_id":"pizza_master","run_id":"\#(run)","#
                + #""duration_ms":15,"status":"success"}"#
        )
    }

    @Test("The graph tells of artifacts and of agents at work")
    func graph() throws {
        var driver = FlockDriver([.chunks(2)])
        let client = try driver.open()
        driver.request("POST", Self.publish, Self.body())
        driver.pass(.milliseconds(15))
        driver.request("POST", Self.publish, Self.body())
        driver.pass(.seconds(1))
        let graphs = driver.messages(client, "graph_updated")
        func node(_ id: String, _ graph: JSONValue) -> JSONValue? {
            graph["nodes"]?.elements.first { $0["id"] == .string(id) }
        }
        #expect(graphs.map { node("PizzaOrder", $0)?["count"]?.number } == [1, 2, 2, 2])
        #expect(graphs.map { node("Pizza", $0)?["count"]?.number } == [0, 0, 1, 2])
        let states = graphs.map { node("pizza_master", $0)?["status"]?.text }
        #expect(states == ["idle", "running", "running", "running"])
        #expect(graphs[0]["edges"]?.elements.count == 4)
    }

    @Test("A run fails where the content asks for it, and makes no artifact")
    func failure() throws {
        var driver = FlockDriver([.chunks(1)])
        let client = try driver.open()
        driver.request("POST", Self.publish, Self.body("Note", #"{"text":"x","fail":true}"#))
        driver.pass(.seconds(1))
        #expect(driver.names(client).suffix(2) == ["streaming_output", "agent_execution_completed"])
        #expect(driver.messages(client).last?["status"] == .string("error"))
        #expect(driver.messages(client).last?["agent_id"] == .string("echo"))
        #expect(driver.messages(client, "artifact_published").count == 1)
    }

    @Test("A type that no agent takes is published and sets nothing off; a module before its name does not matter")
    func unconsumed() throws {
        var driver = FlockDriver()
        let client = try driver.open()
        #expect(driver.request("POST", Self.publish, Self.body("__main__.Reply")).0 == 200)
        driver.pass(.seconds(1))
        #expect(driver.names(client) == ["artifact_published", "graph_updated"])
        #expect(driver.messages(client)[0]["artifact_type"] == .string("Reply"))
        #expect(driver.truth.tasks.open == 0)
    }

    @Test(
        "A publication that is none is refused, and nothing is broadcast",
        arguments: [
            ("", 422), ("[]", 422), ("{}", 400), (#"{"artifact_type":""}"#, 400), (#"{"artifact_type":"Note"}"#, 400),
            (#"{"artifact_type":"Note","content":null}"#, 400), (#"{"artifact_type":"Beer","content":{}}"#, 422),
            (#"{"artifact_type":"Note","content":{}}"#, 422), (#"{"artifact_type":"Note","content":"text"}"#, 422),
        ]
    )
    func refusals(body: String, status: Int) throws {
        var driver = FlockDriver()
        let client = try driver.open()
        let (answered, answer) = driver.request("POST", Self.publish, body)
        #expect(answered == status)
        #expect(answer["detail"]?.text?.isEmpty == false)
        driver.pass(.seconds(1))
        #expect(driver.names(client) == [])
    }

    @Test("Other routes are not found, other methods not allowed")
    func routes() {
        var driver = FlockDriver()
        #expect(driver.request("GET", "/health").0 == 200)
        #expect(driver.request("GET", Self.publish).0 == 405)
        #expect(driver.request("POST", "/api/plugin/control/invoke").0 == 404)
    }

    @Test("A client that left gets nothing, one that comes gets what is broadcast from then on")
    func coming() throws {
        var driver = FlockDriver([.chunks(4)])
        let first = try driver.open()
        driver.request("POST", Self.publish, Self.body())
        driver.pass(.milliseconds(12))
        driver.close(first)
        let second = try driver.open()
        driver.pass(.seconds(1))
        #expect(driver.names(first).suffix(1) == ["streaming_output"])
        #expect(driver.names(second).first == "streaming_output")
        #expect(driver.names(first).count + driver.names(second).count == 10)
    }

    @Test("What is said follows from the seed and the number of the publication")
    func deterministic() throws {
        func said(_ seed: UInt64) throws -> [JSONValue] {
            var driver = FlockDriver(seed: seed)
            let client = try driver.open()
            for _ in 0..<3 { driver.request("POST", Self.publish, Self.body()) }
            driver.pass(.seconds(1))
            return driver.messages(client)
        }
        #expect(try said(1) == said(1))
        #expect(try said(1) != said(2))
    }

    @Test(
        "The WebSocket is where the prefix says",
        arguments: [(nil, "/plugin/ws"), ("/api/ws", "/api/ws/ws"), ("/realtime/", "/realtime/ws"), ("/", "/ws")]
    )
    func prefix(prefix: String?, path: String) {
        let faults = FaultPlan(prefix.map { [.prefix($0)] } ?? [])
        let endpoints = FlockDialect<FlockDocument>.endpoints(faults)
        #expect(endpoints == [Endpoint(path, .webSocket)])
    }

    @Test("Without a heartbeat nobody is pinged; with one everybody is, and pongs are counted")
    func heartbeat() throws {
        var silent = FlockDriver()
        let alone = try silent.open()
        silent.pass(.minutes(10))
        #expect(silent.names(alone) == [])

        var driver = FlockDriver([.heartbeat(.seconds(30))])
        let first = try driver.open()
        driver.pass(.seconds(10))
        let second = try driver.open()
        driver.pass(.seconds(55))
        #expect(driver.messages(first).map(\.jsonText) == [#"{"type":"ping"}"#, #"{"type":"ping"}"#])
        #expect(driver.names(second).count == 2)
        #expect(driver.send("pong", from: first) == "pong")
        #expect(driver.send(#"{"type":"pong"}"#, from: first) == "pong")
        #expect(driver.send(#""pong""#, from: second) == "pong")
        #expect(driver.send("hello", from: second) == "message")
        #expect(driver.truth.messages.pingsSent == 4)
        #expect(driver.truth.messages.pongsReceived == 3)
        // Nobody is there, and then somebody is.
        driver.close(first)
        driver.close(second)
        driver.pass(.minutes(5))
        let third = try driver.open()
        driver.pass(.seconds(31))
        #expect(driver.names(third) == ["ping"])
    }

    @Test("A slow client of the document's stays in the pool")
    func slow() throws {
        var driver = FlockDriver()
        let client = try driver.open()
        driver.congest(client, true)
        driver.pass(.seconds(2))
        driver.request("POST", Self.publish, Self.body())
        driver.pass(.seconds(1))
        #expect(driver.names(client).last == "agent_execution_completed")
        #expect(driver.truth.connections.silenced == 0)
    }
}

import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct PraxisWorkflowTests {
    private func run(_ payload: String, _ faults: [Fault] = []) throws -> (driver: PraxisDriver, client: SocketID) {
        var driver = PraxisDriver(faults)
        let client = try driver.open()
        driver.say("EXECUTE_WORKFLOW", payload, id: "w1", from: client)
        driver.pass(.seconds(5))
        return (driver, client)
    }

    static let two = #"""
        {"workflowId":"wf-1","nodes":[{"id":"read","type":"tool"},{"id":"sum","type":"agent"}],
        "edges":[{"from":"read","to":"sum"}]}
        """#

    @Test("A workflow starts, every node runs and completes, tools tell their results, and it completes")
    func lifecycle() throws {
        let (driver, client) = try run(Self.two)
        #expect(
            driver.names(client).dropFirst() == [
                "workflowStart", "nodeStatusUpdate", "workflowProgress", "nodeStatusUpdate", "tool_result",
                "nodeStatusUpdate", "workflowProgress", "nodeStatusUpdate", "workflowComplete",
            ]
        )
        let messages = driver.messages(client).dropFirst()
        #expect(messages.allSatisfy { $0["correlation_id"] == .string("w1") })
        let start = driver.payloads(client, "workflowStart")[0]
        #expect(start["workflowId"] == .string("wf-1"))
        #expect(start["executionId"]?.text.map(isUUID) == true)
        #expect(start["nodes"]?.jsonText == #"[{"id":"read","type":"tool"},{"id":"sum","type":"agent"}]"#)
        #expect(start["edges"]?.elements.count == 1)
        let states = driver.payloads(client, "nodeStatusUpdate")
        #expect(states.map { $0["nodeId"]?.text } == ["read", "read", "sum", "sum"])
        #expect(states.map { $0["status"]?.text } == ["running", "completed", "running", "completed"])
        let progress = driver.payloads(client, "workflowProgress")
        #expect(progress.map { $0["progress"]?.number } == [50, 100])
        #expect(progress.map { $0["nodeId"]?.text } == ["read", "sum"])
        let complete = driver.payloads(client, "workflowComplete")[0]
        #expect(complete["duration"] == .number(0.025))
        #expect(complete["results"]?["nodes"] == .integer(2))
        #expect(
            driver.payloads(client, "tool_result")[0].jsonText
                == #"{"toolName":"read","status":"completed","result":{"summary":"File processed successfully"}}"#
        )
        #expect(driver.truth.tasks.completed == 1)
    }

    @Test("Nodes run in the order of the edges")
    func order() throws {
        let (driver, client) = try run(
            #"""
            {"workflowId":"w","nodes":[{"id":"c"},{"id":"a","type":"tool","tool":"grep"},{"id":"b"}],
            "edges":[{"source":"a","target":"b"},{"source":"b","target":"c"}]}
            """#
        )
        #expect(driver.payloads(client, "workflowProgress").map { $0["nodeId"]?.text } == ["a", "b", "c"])
        #expect(driver.payloads(client, "tool_result")[0]["toolName"] == .string("grep"))
    }

    @Test("A node that fails ends the workflow")
    func failingNode() throws {
        let (driver, client) = try run(
            #"{"workflowId":"w","nodes":[{"id":"a"},{"id":"b","type":"fail"},{"id":"c"}],"edges":[]}"#
        )
        #expect(driver.names(client).suffix(2) == ["nodeStatusUpdate", "workflowError"])
        #expect(driver.payloads(client, "nodeStatusUpdate").last?["status"] == .string("failed"))
        let error = driver.payloads(client, "workflowError")[0]
        #expect(error.jsonText == #"{"workflowId":"w","nodeId":"b","error":"The node failed"}"#)
        #expect(driver.truth.tasks.aborted == 1)
        #expect(driver.truth.tasks.open == 0)
    }

    @Test(
        "A graph that cannot run is an error of the workflow, without a node",
        arguments: [
            (#"[{"id":"a"}]"#, #"[{"from":"a","to":"b"}]"#, "There is no node b"),
            (
                #"[{"id":"a"},{"id":"b"}]"#, #"[{"from":"a","to":"b"},{"from":"b","to":"a"}]"#,
                "The edges go round in a circle"
            ),
            (#"[{"id":"a"},{"id":"a"}]"#, "[]", "Two nodes have the same id"),
        ]
    )
    func badGraph(nodes: String, edges: String, reason: String) throws {
        let (driver, client) = try run(#"{"workflowId":"w","nodes":\#(nodes),"edges":\#(edges)}"#)
        #expect(driver.names(client) == ["chatMessage", "workflowStart", "workflowError"])
        #expect(
            driver.payloads(client, "workflowError")[0].jsonText == #"{"workflowId":"w","error":"\#(reason)"}"#
        )
    }

    @Test("Without nodes it completes at once, and without an id it gets one")
    func empty() throws {
        let (driver, client) = try run("{}")
        #expect(driver.names(client) == ["chatMessage", "workflowStart", "workflowComplete"])
        #expect(driver.payloads(client, "workflowStart")[0]["workflowId"]?.text.map(isUUID) == true)
    }

    @Test("Every nth workflow completes before its last progress, for every client alike", arguments: [1, 3])
    func wrongOrder(period: Int) throws {
        var driver = PraxisDriver([.wrongOrder(every: period)])
        let clients = try [driver.open(), driver.open()]
        for number in 0..<6 {
            let payload = Self.two.replacing("wf-1", with: "wf-\(number)")
            driver.say("EXECUTE_WORKFLOW", payload, from: clients[0])
            driver.pass(.milliseconds(3))
        }
        driver.pass(.seconds(1))
        var strays = 0
        for client in clients {
            var completed: Set<String> = []
            for (name, message) in driver.inbox[client] ?? [] {
                guard let id = message["payload"]?["workflowId"]?.text else { continue }
                if name == "workflowComplete" { completed.insert(id) }
                if name == "workflowProgress", completed.contains(id) { strays += 1 }
            }
            #expect(completed.count == 6)
        }
        #expect(strays == 6 / period * 2)
        #expect(driver.truth.deliveries.misordered == strays)
    }
}

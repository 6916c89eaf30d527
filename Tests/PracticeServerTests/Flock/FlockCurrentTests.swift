import NIOCore
import Testing
import Wire

@testable import PracticeServer

@Suite struct FlockCurrentTests {
    typealias Driver = SocketDriver<FlockDialect<FlockCurrent>>

    @Test("The order is today's, no event names its type, and its fields tell what it is")
    func lifecycle() throws {
        var driver = Driver([.chunks(2)])
        let client = try driver.open()
        #expect(driver.request("POST", FlockTests.publish, FlockTests.body("Note", #"{"text":"hi ü"}"#)).0 == 200)
        driver.pass(.seconds(1))
        let names = [
            "message_published", "agent_activated", "streaming_output", "streaming_output", "streaming_output",
            "streaming_output", "message_published", "agent_completed",
        ]
        #expect(driver.names(client) == names)
        let messages = driver.messages(client)
        #expect(messages.allSatisfy { $0["type"] == nil && $0["correlation_id"]?.text?.isEmpty == false })
        #expect(messages.map(Self.inferred) == names)
        #expect(messages[0]["payload"]?.jsonText == #"{"text":"hi ü"}"#)
        #expect(messages[0]["produced_by"] == .string("external"))
        #expect(messages[1]["consumed_types"]?.jsonText == #"["Note"]"#)
        #expect(messages[1]["consumed_artifacts"]?[0] == messages[0]["artifact_id"])
        #expect(messages[7]["run_id"] == messages[1]["run_id"])
    }

    @Test("Output is numbered from 0, and ends with two final lines of the log")
    func sequence() throws {
        var driver = Driver([.chunks(3)])
        let client = try driver.open()
        driver.request("POST", FlockTests.publish, FlockTests.body("Note"))
        driver.pass(.seconds(1))
        let output = driver.messages(client, "streaming_output")
        #expect(output.map { $0["sequence"]?.number } == [0, 1, 2, 3, 4])
        #expect(output.map { $0["is_final"] } == [false, false, false, true, true].map { .bool($0) })
        #expect(output.map { $0["output_type"]?.text } == ["llm_token", "llm_token", "llm_token", "log", "log"])
        #expect(output[3]["content"] == .string("\nAmount of output tokens: 3"))
        #expect(output[4]["content"] == .string("--- End of output ---"))
        let artifact = driver.messages(client, "message_published")[1]
        #expect(output.allSatisfy { $0["artifact_id"] == artifact["artifact_id"] })
        let text = output.prefix(3).compactMap { $0["content"]?.text }.joined()
        #expect(artifact["payload"]?["text"] == .string(text))
    }

    @Test("A publication that will not do is an error of the server's")
    func invalid() throws {
        var driver = Driver()
        for (body, status) in [
            (FlockTests.body("Beer"), 500), (FlockTests.body("Note", "{}"), 500), ("{}", 400), ("[]", 422),
        ] {
            #expect(driver.request("POST", FlockTests.publish, body).0 == status)
        }
    }

    @Test("A run that fails says so, and completes all the same")
    func failure() throws {
        var driver = Driver([.chunks(1)])
        let client = try driver.open()
        driver.request("POST", FlockTests.publish, FlockTests.body("Note", #"{"text":"x","fail":true}"#))
        driver.pass(.seconds(1))
        #expect(driver.names(client).suffix(3) == ["streaming_output", "agent_error", "agent_completed"])
        #expect(driver.messages(client).suffix(2).map(Self.inferred) == ["agent_error", "agent_completed"])
        #expect(driver.truth.tasks.open == 0)
    }

    @Test("A client may take 500 ms for a message, unless another time was said; the document's any time")
    func sendTimeout() {
        #expect(FlockDialect<FlockCurrent>.sendTimeout(FaultPlan()) == .milliseconds(500))
        #expect(FlockDialect<FlockCurrent>.sendTimeout(FaultPlan([.zombie(.seconds(2))])) == .seconds(2))
        #expect(FlockDialect<FlockDocument>.sendTimeout(FaultPlan()) == nil)
    }

    @Test("A client that was too slow hears nothing more, is not told, and holds nobody up")
    func zombie() throws {
        var driver = Driver([.chunks(1), .heartbeat(.seconds(2))])
        let slow = try driver.open()
        let other = try driver.open()
        driver.congest(slow, true)
        driver.request("POST", FlockTests.publish, FlockTests.body("Note"))
        driver.pass(.milliseconds(501))
        #expect(driver.names(other) == [])
        driver.silence(slow)
        driver.congest(slow, false)
        driver.pass(.seconds(3))
        #expect(driver.names(slow) == [])
        #expect(driver.closed[slow] == nil)
        #expect(driver.names(other).count == 8)
        #expect(driver.truth.deliveries.expected == 7)
    }

    @Test("A client that takes messages again in time stays, and meanwhile nobody hears anything")
    func recovered() throws {
        var driver = Driver([.chunks(1)])
        let slow = try driver.open()
        let other = try driver.open()
        driver.congest(slow, true)
        driver.request("POST", FlockTests.publish, FlockTests.body("Note"))
        driver.pass(.milliseconds(400))
        #expect(driver.names(other) == [])
        driver.congest(slow, false)
        driver.pass(.milliseconds(1))
        driver.congest(slow, true)
        driver.pass(.milliseconds(400))
        #expect(driver.names(other) == ["message_published"])
        driver.congest(slow, false)
        driver.pass(.seconds(1))
        #expect(driver.names(slow).count == 7)
        #expect(driver.names(other).count == 7)
    }

    @Test("A slow client that leaves holds nobody up")
    func left() throws {
        var driver = Driver([.chunks(1)])
        let slow = try driver.open()
        let other = try driver.open()
        driver.congest(slow, true)
        driver.request("POST", FlockTests.publish, FlockTests.body("Note"))
        driver.pass(.milliseconds(100))
        driver.close(slow)
        driver.pass(.seconds(1))
        #expect(driver.names(other).count == 7)
    }

    /// As a client of today's infers the name of an event.
    private static func inferred(_ message: JSONValue) -> String {
        func has(_ names: String...) -> Bool { names.allSatisfy { message[$0] != nil } }
        if has("agent_id", "consumed_types") { return "agent_activated" }
        if has("run_id", "output_type") { return "streaming_output" }
        if has("artifact_id", "artifact_type") { return "message_published" }
        if has("run_id", "duration_ms") { return "agent_completed" }
        return has("run_id", "error_type") ? "agent_error" : "?"
    }
}

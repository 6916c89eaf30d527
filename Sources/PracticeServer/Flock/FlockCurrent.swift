import NIOCore

/// Flock as it is today: no event names its type, and a client that was slow once hears nothing more.
///
/// A run that fails says so by `agent_error`, and then completes all the same. A real server has its agents do two runs
/// at a time each; here none waits for another.
///
/// Source: flock-core 0.5.700, as it answers and in components/server/models/events.py, api/websocket.py and engines/streaming/sinks.py.
enum FlockCurrent: FlockGeneration {
    static let system = "flock-current"
    static let port = 8344
    static let sentEvents = Event.allCases.map(\.name)
    static let sendTimeout: TimeAmount? = .milliseconds(500)
    /// Its 422 runs into a handler of its own that makes it this.
    static let invalidStatus = 500

    /// What a client calls an event, which it has to infer from the fields.
    enum Event: Int, CaseIterable {
        case activated, streamingOutput, messagePublished, completed, failed, ping

        var name: String {
            switch self {
            case .activated: "agent_activated"
            case .streamingOutput: "streaming_output"
            case .messagePublished: "message_published"
            case .completed: "agent_completed"
            case .failed: "agent_error"
            case .ping: "ping"
            }
        }
    }

    static func steps(of run: FlockRun) -> [FlockStep] {
        guard run.agent != nil else { return [.published] }
        let output = (0..<run.chunkCount).map(FlockStep.chunk)
        let end: [FlockStep] = run.fails ? [.failed, .completed] : [.closing(0), .closing(1), .produced, .completed]
        return [.published, .started] + output + end
    }

    static func message(
        _ step: FlockStep,
        of run: FlockRun,
        _ graph: FlockGraph,
        time: String,
        at now: NIODeadline
    ) -> (event: Int, message: ByteBuffer) {
        let event = event(of: step)
        let agent = run.agent?.name ?? "external"
        var message = EventWriter(objectWithCapacity: 512)
        message.member("correlation_id", string: run.correlationID)
        message.member("timestamp", string: time)
        switch step {
        case .published, .graph:
            artifact(run.inputID, run.type, by: "external", to: &message) {
                $0.member("payload", rendered: ByteBuffer(string: run.content))
            }
        case .produced:
            artifact(run.outputID, run.agent?.produces ?? run.type, by: agent, to: &message) { payload in
                payload.beginObject("payload")
                payload.member("text") { run.writeText(to: &$0) }
                payload.endObject()
            }
        case .started:
            activation(run, agent, to: &message)
        case .chunk(let index):
            output(run, agent, "llm_token", index, isFinal: false, to: &message) { run.writeChunk(index, to: &$0) }
        case .closing(let index):
            output(run, agent, "log", run.chunkCount + index, isFinal: true, to: &message) {
                $0.writeString(
                    index == 0 ? "\\nAmount of output tokens: \(run.chunkCount)" : "--- End of output ---"
                )
            }
        case .completed:
            message.member("agent_name", string: agent)
            message.member("run_id", string: run.id)
            message.member("duration_ms", rendered: run.fails ? ByteBuffer(string: "0.0") : run.duration(at: now))
            message.member("artifacts_produced", rendered: ByteBuffer(string: "[]"))
            message.member("metrics", rendered: ByteBuffer(string: "{}"))
            message.member("final_state", rendered: ByteBuffer(string: "{}"))
        case .failed:
            message.member("agent_name", string: agent)
            message.member("run_id", string: run.id)
            message.member("error_type", "ValueError")
            message.member("error_message", "the content asked for it")
            message.member("traceback", "ValueError: the content asked for it\\n")
            message.member("failed_at", string: time)
        }
        return (event.rawValue, message.finishObject())
    }

    /// Today's pings carry the time of Python's event loop, in seconds.
    static func ping(at now: NIODeadline) -> ByteBuffer {
        let milliseconds = now.uptimeNanoseconds / 1_000_000
        return ByteBuffer(string: #"{"type":"ping","timestamp":\#(Double(milliseconds) / 1000)}"#)
    }

    private static func event(of step: FlockStep) -> Event {
        switch step {
        case .published, .produced, .graph: .messagePublished
        case .started: .activated
        case .chunk, .closing: .streamingOutput
        case .completed: .completed
        case .failed: .failed
        }
    }

    private static func activation(_ run: FlockRun, _ agent: String, to message: inout EventWriter) {
        message.member("agent_name", string: agent)
        message.member("agent_id", string: agent)
        message.member("run_id", string: run.id)
        message.member("consumed_types", rendered: list(run.type))
        message.member("consumed_artifacts", rendered: list(run.inputID))
        message.member("produced_types", rendered: list(run.agent?.produces ?? ""))
        message.beginObject("subscription_info")
        message.member("from_agents", rendered: ByteBuffer(string: "[]"))
        message.member("tags", rendered: ByteBuffer(string: "[]"))
        message.member("mode", "both")
        message.endObject()
        message.member("labels", rendered: ByteBuffer(string: "[]"))
        message.member("tenant_id", rendered: ByteBuffer(string: "null"))
        message.member("max_concurrency", 2)
    }

    private static func output(
        _ run: FlockRun,
        _ agent: String,
        _ type: StaticString,
        _ sequence: Int,
        isFinal: Bool,
        to message: inout EventWriter,
        content: (inout ByteBuffer) -> Void
    ) {
        message.member("agent_name", string: agent)
        message.member("run_id", string: run.id)
        message.member("output_type", type)
        message.member("content", text: content)
        message.member("sequence", sequence)
        message.member("is_final", isFinal)
        message.member("artifact_id", string: run.outputID)
        message.member("artifact_type", string: run.agent?.produces ?? "")
    }

    private static func artifact(
        _ id: String,
        _ type: String,
        by producer: String,
        to message: inout EventWriter,
        payload: (inout EventWriter) -> Void
    ) {
        message.member("artifact_id", string: id)
        message.member("artifact_type", string: type)
        message.member("produced_by", string: producer)
        payload(&message)
        message.beginObject("visibility")
        message.member("kind", "Public")
        message.member("agents", rendered: ByteBuffer(string: "null"))
        message.member("required_labels", rendered: ByteBuffer(string: "null"))
        message.member("tenant_id", rendered: ByteBuffer(string: "null"))
        message.endObject()
        message.member("tags", rendered: ByteBuffer(string: "[]"))
        message.member("partition_key", rendered: ByteBuffer(string: "null"))
        message.member("version", 1)
        message.member("consumers", rendered: ByteBuffer(string: "[]"))
    }

    /// One name, as a list. The names are the practice server's own and need no escapes.
    private static func list(_ name: String) -> ByteBuffer {
        ByteBuffer(string: "[\"\(name)\"]")
    }
}

import NIOCore

/// Flock as its document describes it: every event names its type.
enum FlockDocument: FlockGeneration {
    static let system = "flock"
    static let port = 8000
    static let sentEvents = Event.allCases.map { "\($0.name)" }
    static let sendTimeout: TimeAmount? = nil
    static let invalidStatus = 422

    enum Event: Int, CaseIterable {
        case started, streamingOutput, completed, artifactPublished, graphUpdated, ping

        var name: StaticString {
            switch self {
            case .started: "agent_execution_started"
            case .streamingOutput: "streaming_output"
            case .completed: "agent_execution_completed"
            case .artifactPublished: "artifact_published"
            case .graphUpdated: "graph_updated"
            case .ping: "ping"
            }
        }
    }

    static func steps(of run: FlockRun) -> [FlockStep] {
        guard run.agent != nil else { return [.published, .graph] }
        let output = (0..<run.chunkCount).map(FlockStep.chunk)
        return [.published, .graph, .started] + output + (run.fails ? [.failed] : [.produced, .graph, .completed])
    }

    static func message(
        _ step: FlockStep,
        of run: FlockRun,
        _ graph: FlockGraph,
        time: String,
        at now: NIODeadline
    ) -> (event: Int, message: ByteBuffer) {
        let event = event(of: step)
        var message = EventWriter(objectWithCapacity: 256)
        message.member("type", event.name)
        switch step {
        case .published:
            artifact(run.inputID, run.type, by: "external", run, to: &message)
        case .produced:
            artifact(
                run.outputID,
                run.agent?.produces ?? run.type,
                by: run.agent?.name ?? "external",
                run,
                to: &message
            )
        case .graph:
            graph.write(to: &message)
        case .started:
            identify(run, to: &message)
            message.member("timestamp", string: time)
        case .chunk(let index), .closing(let index):
            identify(run, to: &message)
            message.member("content") { run.writeChunk(index, to: &$0) }
            message.member("is_complete", index + 1 == run.chunkCount)
        case .completed, .failed:
            identify(run, to: &message)
            message.member("duration_ms", rendered: run.duration(at: now))
            message.member("status", step == .failed ? "error" : "success")
        }
        return (event.rawValue, message.finishObject())
    }

    static func ping(at now: NIODeadline) -> ByteBuffer {
        ByteBuffer(string: #"{"type":"ping"}"#)
    }

    private static func event(of step: FlockStep) -> Event {
        switch step {
        case .published, .produced: .artifactPublished
        case .graph: .graphUpdated
        case .started: .started
        case .chunk, .closing: .streamingOutput
        case .completed, .failed: .completed
        }
    }

    private static func identify(_ run: FlockRun, to message: inout EventWriter) {
        message.member("agent_id", string: run.agent?.name ?? "")
        message.member("run_id", string: run.id)
    }

    private static func artifact(
        _ id: String,
        _ type: String,
        by producer: String,
        _ run: FlockRun,
        to message: inout EventWriter
    ) {
        message.member("artifact_id", string: id)
        message.member("artifact_type", string: type)
        message.member("produced_by", string: producer)
        message.member("correlation_id", string: run.correlationID)
    }
}

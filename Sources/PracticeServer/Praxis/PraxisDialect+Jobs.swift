import NIOCore

// What comes of commands, workflows and chat messages.
extension PraxisDialect {
    mutating func advance(_ number: Int, due: NIODeadline, at now: NIODeadline, output: inout DialectOutput) {
        guard let job = jobs.removeValue(forKey: number) else { return }
        // A server that stood still for a while goes on at its pace, and does not make up for it.
        let from = max(due, now - .milliseconds(100))
        switch job {
        case .command(let command): advance(command, number, from, at: now, output: &output)
        case .workflow(let workflow): advance(workflow, number, from, at: now, output: &output)
        case .chat(let socket, let content, let correlation):
            guard connections[socket]?.subscription.contains(.chatMessage) == true else { return }
            answer(.chatMessage, correlation: correlation, socket, at: now, output: &output) {
                $0.member("content", string: "Processing: \(content)")
                $0.member("sender", "assistant")
                $0.member("type", "text")
            }
        }
    }

    private mutating func advance(
        _ command: PraxisCommand,
        _ number: Int,
        _ from: NIODeadline,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        var command = command
        guard command.told < command.stages, !command.text.isEmpty else {
            counts.results += 1
            broadcast(.dslResult, correlation: command.correlation, job: number, at: now, output: &output) {
                Self.writeResult(of: command, at: now, to: &$0)
            }
            return
        }
        broadcast(.dslProgress, correlation: command.correlation, job: number, at: now, output: &output) {
            $0.member("stage", PraxisCommand.names[command.stage])
            $0.member("message", PraxisCommand.messages[command.stage])
            $0.beginObject("details")
            $0.member("command", string: command.text)
            $0.member("step", command.told + 1)
            $0.member("steps", command.stages)
            $0.endObject()
        }
        command.told += 1
        jobs[number] = .command(command)
        timers.push(.job(number), at: from + pace.interval)
    }

    private static func writeResult(of command: PraxisCommand, at now: NIODeadline, to payload: inout EventWriter) {
        payload.member("success", !command.text.isEmpty)
        payload.member("command", string: command.text)
        if command.text.isEmpty { payload.member("error", "The command is empty") }
        payload.beginArray("matchedAgents")
        payload.endArray()
        payload.beginArray("requiredMCPTools")
        payload.endArray()
        payload.beginObject("workflowSuggestion")
        payload.beginArray("nodes")
        payload.endArray()
        payload.beginArray("edges")
        payload.endArray()
        payload.endObject()
        payload.member("processTime", rendered: seconds(since: command.startedAt, at: now))
    }

    /// In seconds with three decimals.
    private static func seconds(since start: NIODeadline, at now: NIODeadline) -> ByteBuffer {
        let milliseconds = max(0, (now - start).nanoseconds / 1_000_000)
        let rest = String(milliseconds % 1000)
        return ByteBuffer(string: "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)")
    }
}

extension PraxisDialect {
    private mutating func advance(
        _ workflow: PraxisWorkflow,
        _ number: Int,
        _ from: NIODeadline,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        var workflow = workflow
        repeat {
            send(workflow.steps[workflow.next], of: workflow, number, at: now, output: &output)
            workflow.next += 1
        } while workflow.next < workflow.steps.count && workflow.steps[workflow.next].delay(pace) == .zero
        guard workflow.next < workflow.steps.count else { return }
        jobs[number] = .workflow(workflow)
        timers.push(.job(number), at: from + workflow.steps[workflow.next].delay(pace))
    }

    private mutating func send(
        _ step: PraxisWorkflow.Step,
        of workflow: PraxisWorkflow,
        _ number: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        let time = ISOTime.text(clock.milliseconds(at: now))
        switch step {
        case .start:
            emit(.workflowStart, workflow, number, at: now, output: &output) {
                $0.member("executionId", string: workflow.executionID)
                $0.member("nodes", rendered: workflow.nodesText)
                $0.member("edges", rendered: workflow.edgesText)
                $0.member("startTime", string: time)
            }
        case .begin(let place):
            status("running", place, workflow, number, time, at: now, output: &output)
        case .progress(let place):
            emit(.workflowProgress, workflow, number, at: now, output: &output) {
                $0.member("nodeId", string: workflow.nodes[place].id)
                $0.member("status", "running")
                $0.member("progress", (place + 1) * 100 / workflow.nodes.count)
            }
        case .end(let place):
            status("completed", place, workflow, number, time, at: now, output: &output)
            useTool(place, workflow, number, at: now, output: &output)
        case .complete:
            let receivers = emit(.workflowComplete, workflow, number, at: now, output: &output) {
                $0.beginObject("results")
                $0.member("nodes", workflow.nodes.count)
                $0.endObject()
                $0.member("duration", rendered: Self.seconds(since: workflow.startedAt, at: now))
            }
            counts.completed += 1
            // The progress that should have been before is still to come.
            if workflow.next + 1 < workflow.steps.count { counts.misordered += receivers }
        case .fail(let place):
            if let place { status("failed", place, workflow, number, time, at: now, output: &output) }
            emit(.workflowError, workflow, number, at: now, output: &output) {
                if let place { $0.member("nodeId", string: workflow.nodes[place].id) }
                $0.member("error", string: workflow.fault ?? "The node failed")
            }
            counts.failed += 1
        }
    }

    private mutating func status(
        _ status: StaticString,
        _ place: Int,
        _ workflow: PraxisWorkflow,
        _ number: Int,
        _ time: String,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        emit(.nodeStatusUpdate, workflow, number, at: now, output: &output) {
            $0.member("nodeId", string: workflow.nodes[place].id)
            $0.member("status", status)
            $0.member("timestamp", string: time)
        }
    }

    private mutating func useTool(
        _ place: Int,
        _ workflow: PraxisWorkflow,
        _ number: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard let tool = workflow.nodes[place].tool else { return }
        broadcast(.toolResult, correlation: workflow.correlation, job: number, at: now, output: &output) {
            $0.member("toolName", string: tool)
            $0.member("status", "completed")
            $0.beginObject("result")
            $0.member("summary", "File processed successfully")
            $0.endObject()
        }
    }

    /// Broadcasts an event of a workflow, whose payload begins with its id.
    @discardableResult
    private mutating func emit(
        _ event: PraxisEvent,
        _ workflow: PraxisWorkflow,
        _ number: Int,
        at now: NIODeadline,
        output: inout DialectOutput,
        payload: (inout EventWriter) -> Void
    ) -> Int {
        broadcast(event, correlation: workflow.correlation, job: number, at: now, output: &output) {
            $0.member("workflowId", string: workflow.id)
            payload(&$0)
        }
    }
}

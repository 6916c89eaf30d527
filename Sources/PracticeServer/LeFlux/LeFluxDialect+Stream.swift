import NIOCore

extension LeFluxDialect {
    /// Sends what comes next of an answer; true when that was the last of it.
    mutating func streamNext(
        _ place: Int,
        to socket: SocketID,
        at now: NIODeadline,
        output: inout DialectOutput
    ) -> Bool {
        guard let session = sessions[place], var task = session.task else { return true }
        if task.phase == .thinking { begin(&task, session.id, at: now, output: &output) }
        let isLast = task.slot + 1 >= task.slots
        if task.isDisplaced {
            task.isDisplaced = false
            counts.chunks.reordered += 1
            note(.reorderedChunk, session.id, task, task.slot - 1, at: now, output: &output)
            sendChunk(task.slot - 1, of: task, to: socket, output: &output)
        } else if task.isTruncated {
            chunkFaults.pass()
            sendChunk(task.slot, of: task, to: socket, output: &output)
        } else {
            switch chunkFaults.verdict(isLast: isLast) {
            case .send:
                sendChunk(task.slot, of: task, to: socket, output: &output)
            case .sendTwice:
                sendChunk(task.slot, of: task, to: socket, output: &output)
                sendChunk(task.slot, of: task, to: socket, output: &output)
                counts.chunks.duplicated += 1
                note(.duplicatedChunk, session.id, task, task.slot, at: now, output: &output)
            case .withhold:
                task.withheld.append(task.slot)
                counts.chunks.withheld += 1
                note(.withheldChunk, session.id, task, task.slot, at: now, output: &output)
            case .overtake:
                chunkFaults.pass()
                task.isDisplaced = true
                sendChunk(task.slot + 1, of: task, to: socket, output: &output)
            }
        }
        task.slot += 1
        sessions[place]?.task = task
        return isLast
    }

    /// Sends a returning client what it was sent before; the one chunk that was overtaken comes in order now.
    mutating func replayStream(_ place: Int, to socket: SocketID, output: inout DialectOutput) {
        guard var task = sessions[place]?.task else { return }
        if task.isDisplaced {
            task.isDisplaced = false
            task.slot -= 1
        }
        for index in 0..<task.slot where !task.withheld.contains(index) {
            sendChunk(index, of: task, to: socket, output: &output)
            counts.chunks.replayed += 1
        }
        sessions[place]?.task = task
    }

    func sendDone(_ task: LeFluxTask, to socket: SocketID, output: inout DialectOutput) {
        var event = EventWriter(event: LeFluxEvent.messageDone.name, capacity: 96 + task.script.chunkCount * 32)
        event.member("text") { task.script.writeText(to: &$0) }
        event.member("streamId", string: task.streamID)
        output.send(.messageDone, &event, to: socket)
    }

    private mutating func begin(
        _ task: inout LeFluxTask,
        _ session: String,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        task.phase = .streaming
        counts.streams.started += 1
        guard chunkFaults.truncates(chunks: task.slots) else { return }
        task.isTruncated = true
        task.slots /= 2
        counts.streams.truncated += 1
        note(.truncatedStream, session, task, task.slots, at: now, output: &output)
    }

    private mutating func sendChunk(
        _ index: Int,
        of task: LeFluxTask,
        to socket: SocketID,
        output: inout DialectOutput
    ) {
        var event = EventWriter(event: LeFluxEvent.messageChunk.name)
        event.member("delta") { task.script.writeDelta(index, to: &$0) }
        event.member("streamId", string: task.streamID)
        event.member("chunkIndex", index)
        output.send(.messageChunk, &event, to: socket)
        counts.chunks.sent += 1
    }

    private func note(
        _ kind: InjectedFault.Kind,
        _ session: String,
        _ task: LeFluxTask,
        _ index: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        output.log.note(
            InjectedFault(kind, at: clock.milliseconds(at: now), session: session, stream: task.streamID, index: index)
        )
    }
}

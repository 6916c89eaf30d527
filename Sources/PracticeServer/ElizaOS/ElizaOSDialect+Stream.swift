import NIOCore
import Wire

// Answers in chunks, as the current server sends them. Chunks count once for each member.
extension ElizaOSDialect {
    mutating func begin(
        _ answer: inout ElizaOSAnswer,
        _ channel: ElizaOSChannel,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        streams.started += 1
        guard !answer.question.fails, chunkFaults.truncates(chunks: answer.slots) else { return }
        answer.isTruncated = true
        answer.slots /= 2
        streams.truncated += 1
        note(.truncatedStream, answer, answer.slots, at: now, output: &output)
    }

    /// Sends one chunk, or does to it what a fault says.
    mutating func streamNext(
        _ answer: inout ElizaOSAnswer,
        _ channel: ElizaOSChannel,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        let members = channel.members.count
        if answer.isDisplaced {
            answer.isDisplaced = false
            chunks.reordered += members
            note(.reorderedChunk, answer, answer.slot - 1, at: now, output: &output)
            send(answer.slot - 1, of: answer, channel, output: &output)
            answer.slot += 1
            return
        }
        if answer.isTruncated {
            chunkFaults.pass()
            send(answer.slot, of: answer, channel, output: &output)
        } else {
            switch chunkFaults.verdict(isLast: answer.slot + 1 >= answer.slots) {
            case .send:
                send(answer.slot, of: answer, channel, output: &output)
            case .sendTwice:
                send(answer.slot, of: answer, channel, output: &output)
                send(answer.slot, of: answer, channel, output: &output)
                chunks.duplicated += members
                note(.duplicatedChunk, answer, answer.slot, at: now, output: &output)
            case .withhold:
                chunks.withheld += members
                note(.withheldChunk, answer, answer.slot, at: now, output: &output)
            case .overtake:
                chunkFaults.pass()
                answer.isDisplaced = true
                send(answer.slot + 1, of: answer, channel, output: &output)
            }
        }
        answer.slot += 1
    }

    /// Ends an answer halfway with an error.
    mutating func breakOff(
        _ answer: ElizaOSAnswer,
        _ place: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard let channel = channels[place] else { return }
        let message = ElizaOSEvent.messageStreamError.message {
            $0.member("messageId", string: answer.id)
            $0.member("channelId", string: channel.id)
            $0.member("agentId", string: Self.agentID)
            $0.member("error", "Model API error")
            $0.member("partialText", rendered: answer.text(chunks: answer.slots))
        }
        output.send(.messageStreamError, to: channel.members, message)
        streams.cut += 1
        record(.error, "Model API error", isAgent: true, channel: channel.id, at: now, output: &output)
        finish(place, at: now, output: &output)
    }

    private mutating func send(
        _ index: Int,
        of answer: ElizaOSAnswer,
        _ channel: ElizaOSChannel,
        output: inout DialectOutput
    ) {
        let message = ElizaOSEvent.messageStreamChunk.message {
            $0.member("messageId", string: answer.id)
            $0.member("chunk") { answer.writeChunk(index, to: &$0) }
            $0.member("index", index)
            $0.member("agentId", string: Self.agentID)
            $0.member("channelId", string: channel.id)
        }
        output.send(.messageStreamChunk, to: channel.members, message)
        chunks.sent += channel.members.count
    }

    private func note(
        _ kind: InjectedFault.Kind,
        _ answer: ElizaOSAnswer,
        _ index: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        output.log.note(InjectedFault(kind, at: clock.milliseconds(at: now), stream: answer.id, index: index))
    }
}

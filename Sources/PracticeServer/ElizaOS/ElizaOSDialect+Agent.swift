import NIOCore
import Wire

// The agent of a channel: one question after the other.
extension ElizaOSDialect {
    /// Puts a question to the agent; where it was idle, the members' input is disabled.
    mutating func ask(
        _ message: String,
        in place: Int,
        acts: Bool,
        fails: Bool,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        guard let channel = channels[place] else { return }
        let question = ElizaOSQuestion(number: channel.stored, message: message, acts: acts, fails: fails)
        channels[place]?.questions.append(question)
        guard channel.questions.isEmpty else { return }
        control("disable_input", channel, output: &output)
        think(place, question, at: now)
    }

    private mutating func think(_ place: Int, _ question: ElizaOSQuestion, at now: NIODeadline) {
        guard let id = channels[place]?.id else { return }
        var random = SplitMix64(seed, stableHash(id), question.number &* 2 &+ 1)
        let time = TimeAmount.milliseconds(Int64(random.within(ElizaOSPace.think)))
        let answer = ElizaOSAnswer(question, &random, chunks: rules.isCurrent ? faults.chunks : nil)
        channels[place]?.answer = answer
        schedule(place, at: now + time)
    }

    private mutating func schedule(_ place: Int, at due: NIODeadline) {
        let token = nextToken()
        channels[place]?.token = token
        timers.push(.agent(channel: place, token: token), at: due)
    }

    /// Does what comes next of an answer.
    mutating func runAgent(of place: Int, at now: NIODeadline, output: inout DialectOutput) {
        guard let channel = channels[place], var answer = channel.answer else { return }
        guard rules.isCurrent else { return say(answer, in: place, at: now, output: &output) }
        if answer.updates > 0 {
            update(answer, channel, at: now, output: &output)
            answer.updates -= 1
        } else {
            if answer.slot == 0, !answer.isDisplaced { begin(&answer, channel, at: now, output: &output) }
            if answer.slot < answer.slots { streamNext(&answer, channel, at: now, output: &output) }
            if answer.slot >= answer.slots {
                channels[place]?.answer = answer
                guard answer.question.fails else { return say(answer, in: place, at: now, output: &output) }
                return breakOff(answer, place, at: now, output: &output)
            }
        }
        channels[place]?.answer = answer
        schedule(place, at: now + pace.interval)
    }

    /// Sends the whole answer, and turns to the next question.
    private mutating func say(
        _ answer: ElizaOSAnswer,
        in place: Int,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        let message = self.message(answer, answer.text(chunks: answer.chunkCount), at: now)
        broadcast(message, in: place, at: now, output: &output)
        if let channel = channels[place], repeats.pick(fit: !channel.isDirect && !channel.members.isEmpty) {
            output.send(.messageBroadcast, to: channel.members, message.broadcast(in: channel, rules))
            repeated += channel.members.count
            output.log.note(InjectedFault(.repeatedReply, at: clock.milliseconds(at: now), stream: answer.id))
        }
        if rules.isCurrent { streams.completed += 1 }
        record(.info, "Answer sent", isAgent: true, channel: channels[place]?.id, at: now, output: &output)
        finish(place, at: now, output: &output)
    }

    mutating func finish(_ place: Int, at now: NIODeadline, output: inout DialectOutput) {
        channels[place]?.answer = nil
        channels[place]?.questions.removeFirst()
        guard let channel = channels[place] else { return }
        if let next = channel.questions.first {
            think(place, next, at: now)
        } else {
            control("enable_input", channel, output: &output)
            sweep(place, at: now)
        }
    }

    private func control(_ action: StaticString, _ channel: ElizaOSChannel, output: inout DialectOutput) {
        let message = ElizaOSEvent.controlMessage.message {
            $0.member("action", action)
            $0.member("channelId", string: channel.id)
            $0.member("roomId", string: channel.id)
        }
        output.send(.controlMessage, to: channel.members, message)
    }

    private func message(_ answer: ElizaOSAnswer, _ text: ByteBuffer, at now: NIODeadline) -> ElizaOSMessage {
        ElizaOSMessage(
            id: answer.id,
            senderID: Self.agentID,
            senderName: Self.agentName,
            text: text,
            createdAt: clock.milliseconds(at: now),
            source: ByteBuffer(string: #""agent_response""#),
            agent: .init(inReplyTo: answer.question.message)
        )
    }

    /// Tells what the agent does, under the id of the question's action; the last of them is no message of its own.
    private func update(
        _ answer: ElizaOSAnswer,
        _ channel: ElizaOSChannel,
        at now: NIODeadline,
        output: inout DialectOutput
    ) {
        var random = SplitMix64(seed, stableHash(answer.id))
        var message = self.message(
            answer,
            ByteBuffer(string: answer.updates > 1 ? #""executing""# : #""done""#),
            at: now
        )
        message.id = random.uuid()
        message.source = ByteBuffer(string: #""agent_action""#)
        message.agent?.action = "PRACTICE_ACTION"
        output.send(.messageBroadcast, to: channel.members, message.broadcast(in: channel, rules))
    }
}

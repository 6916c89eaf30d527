import NIOCore
import Wire

/// Makes a replay of a recording: takes off the framing, finds out where values come from, and says what follows upon
/// what.
package struct ReplayCompiler {
    /// Something that was done, and by whom, at a time.
    struct Moment {
        enum Act {
            case action(ReplayScript.Action.Kind)
            case arrival(ReplayScript.Arrival.Kind, name: String)
        }

        /// Milliseconds since the start.
        var time: Double
        var link: Int
        /// The turn that it belongs to.
        var turn: Int
        var act: Act
    }

    private let recording: Recording
    private let target: String?
    private var frame: ScenarioWriter.Frame
    /// The turns of all connections, in order of time, and the connection of each.
    var turns: [Turn] = []
    var links: [Int] = []
    var drafter: FlowDrafter
    var handshakes: [GroupDraft]
    var warnings: [String]

    /// The replay of a recording; nil where it holds no connection.
    ///
    /// - Parameters:
    ///   - source: What the recording is called.
    ///   - target: The URL to go to in place of the recording's.
    package static func compile(_ recording: Recording, source: String, target: String? = nil) -> Replay? {
        var compiler = ReplayCompiler(recording, source: source, target: target)
        return compiler?.replay()
    }

    private init?(_ recording: Recording, source: String, target: String?) {
        self.recording = recording
        self.target = target
        var reader = ConversationReader(recording)
        var (conversations, requests) = reader.connections(of: recording)
        guard let first = conversations.first else { return nil }
        warnings = reader.warnings
        let epoch = recording.header.recordedAt.flatMap { ISODate.epochMilliseconds($0) }.map(Double.init)
        frame = ScenarioWriter.Frame(
            name: Converter.name(source),
            source: source,
            target: target ?? recording.header.target,
            messageProtocol: first.messageProtocol,
            namespace: first.namespace,
            transports: first.transports
        )
        if first.messageProtocol == .webSocket { frame.learn(from: &conversations, epoch: epoch) }
        var merged = first
        merged.turns = []
        handshakes = Array(repeating: GroupDraft(), count: conversations.count)
        drafter = FlowDrafter(merged, epoch: epoch)
        merge(conversations, requests)
        merged.turns = turns
        merged.envelope = frame.envelope
        drafter = FlowDrafter(merged, epoch: epoch)
    }

    /// Brings all turns in the order of time.
    private mutating func merge(_ conversations: [Conversation], _ requests: [RecordingEntry]) {
        var all: [(link: Int, place: Int, turn: Turn)] = []
        for (link, conversation) in conversations.enumerated() {
            for (place, turn) in conversation.turns.enumerated() { all.append((link, place, turn)) }
        }
        for request in requests {
            guard case .http(let exchange) = request.content else { continue }
            all.append((0, -1, Turn(time: request.time.milliseconds, act: .request(exchange))))
        }
        let order = all.indices.sorted { (all[$0].turn.time, $0) < (all[$1].turn.time, $1) }
        var moved: [Int: [Int: Int]] = [:]
        for (new, old) in order.enumerated() where all[old].place >= 0 {
            moved[all[old].link, default: [:]][all[old].place] = new
        }
        for old in order {
            let (link, _, turn) = all[old]
            turns.append(turn.referring { moved[link]?[$0] ?? $0 })
            links.append(link)
        }
    }

    private mutating func replay() -> Replay {
        let moments = draft()
        var text = ReplayText(frame: frame, drafter: drafter, handshakes: handshakes)
        let script = script(of: moments, text: &text)
        return Replay(
            text: text.written(),
            script: script.script,
            events: script.events,
            warnings: warnings + drafter.warnings,
            environment: drafter.correlator.environment.map(\.name)
        )
    }

    // MARK: - Drafts

    /// Drafts a step for each turn that needs one, and says what happened in the recording.
    private mutating func draft() -> [Moment] {
        drafter.beats = turns.indices.map { .turn($0) }
        drafter.steps = Array(repeating: [], count: turns.count)
        var moments: [Moment] = []
        for place in turns.indices {
            let link = links[place]
            let turn = turns[place]
            drafter.correlator.connection = link
            func add(_ act: Moment.Act, at time: Double? = nil) {
                moments.append(Moment(time: time ?? turn.time, link: link, turn: place, act: act))
            }
            switch turn.act {
            case .connect:
                drafter.connects = 0
                drafter.group = GroupDraft()
                drafter.draft(place)
                handshakes[link] = drafter.group
                add(.action(.open))
                if refusal(of: link, after: place) == nil { add(.arrival(.answer(action: place), name: "connect")) }
            case .refused:
                let opening = turns.indices[..<place].last { links[$0] == link && turns[$0].isConnect }
                add(.arrival(.refusal(action: opening ?? place), name: "refused"))
            case .sent(let said):
                if !said.isPlainBinary { drafter.draft(place) }
                add(.action(.message))
            case .acknowledge(let asking, _):
                guard let asking else { continue }
                drafter.draft(place)
                add(.action(.acknowledge(arrival: asking)))
            case .acknowledged(let asking, _):
                let name = turns[asking].sent?.event ?? "message"
                add(.arrival(.answer(action: asking), name: "ack.\(name)"))
            case .received(let said):
                let name = FlowDrafter.eventName(said)
                drafter.steps[place] = [StepDraft([.init("await", .string(name))])]
                drafter.register(said, place)
                add(.arrival(.event(0), name: name))
            case .request(let exchange):
                drafter.draft(place)
                add(.action(.request))
                guard exchange.status != nil else { continue }
                let name = drafter.steps[place].last?["measure"]?.textValue ?? "http"
                let time = turn.time + (exchange.duration?.milliseconds ?? 0)
                add(.arrival(.answer(action: place), name: name), at: time)
            case .disconnect:
                drafter.draft(place)
                add(.action(.close))
            case .closed:
                add(.arrival(.close, name: "closed"))
            }
        }
        drafter.addVariables()
        return moments.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }

    /// Where the server turned the connection down that was opened in a turn.
    private func refusal(of link: Int, after place: Int) -> Int? {
        for next in turns.indices.dropFirst(place + 1) where links[next] == link {
            if case .refused = turns[next].act { return next }
            return nil
        }
        return nil
    }
}

import NIOCore
import Wire

/// Makes a replay of a recording: takes off the framing, finds out where values come from, and says what follows upon
/// what. `+Moments` drafts, `+Script` numbers.
package struct ReplayCompiler {
    let recording: Recording
    private var frame: ScenarioWriter.Frame
    /// The turns of all connections, in order of time, and the connection of each.
    var turns: [Turn] = []
    var links: [Int] = []
    /// The next turn of the same connection, beside its requests.
    var following: [Int?] = []
    /// The turn that opened the connection of each.
    var openings: [Int?] = []
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
        var reader = ConversationReader(recording, hearsAll: true)
        var (conversations, requests) = reader.connections(of: recording)
        guard let first = conversations.first else { return nil }
        // What the client sends as bytes is sent as bytes.
        warnings = reader.warnings.filter { !$0.hasPrefix("binary messages") }
        let unopened = conversations.count { $0.turns.first?.isUnrecordedConnect ?? false }
        if unopened > 0 {
            warnings.append(
                "connections whose beginning is not in the recording, which are opened plainly: \(unopened)"
            )
        }
        let epoch = recording.header.recordedAt.flatMap { ISODate.epochMilliseconds($0) }.map(Double.init)
        frame = ScenarioWriter.Frame(
            name: Converter.name(source),
            source: source,
            target: target ?? recording.header.target,
            messageProtocol: first.messageProtocol,
            namespace: first.namespace,
            transports: first.transports,
            command: "replay"
        )
        if first.messageProtocol == .webSocket { frame.learn(from: &conversations, epoch: epoch) }
        var merged = first
        merged.turns = []
        merged.envelope = frame.envelope
        let (namespace, transports) = (frame.namespace, Self.transports(first))
        handshakes = conversations.map { conversation in
            var draft = GroupDraft()
            if conversation.namespace != namespace { draft.namespace = conversation.namespace }
            let own = Self.transports(conversation)
            if conversation.messageProtocol == .socketIO, own != transports { draft.transports = own }
            return draft
        }
        drafter = Self.drafter(merged, epoch, frame.name)
        merge(conversations, requests)
        merged.turns = turns
        drafter = Self.drafter(merged, epoch, frame.name)
    }

    private static func drafter(_ conversation: Conversation, _ epoch: Double?, _ name: String) -> FlowDrafter {
        FlowDrafter(conversation, epoch: epoch, files: BinaryFiles(scenario: name), names: MetricNames())
    }

    /// As a scenario names them.
    private static func transports(_ conversation: Conversation) -> [String] {
        guard conversation.transports.first == .polling else { return ["websocket"] }
        return conversation.transports.contains(.webSocket) ? ["polling", "websocket"] : ["polling"]
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
        follow(count: conversations.count)
    }

    /// Notes which turns follow each other on their connections.
    private mutating func follow(count: Int) {
        following = Array(repeating: nil, count: turns.count)
        openings = following
        var last: [Int?] = Array(repeating: nil, count: count)
        var open = last
        for (place, turn) in turns.enumerated() {
            if case .request = turn.act { continue }
            let link = links[place]
            if turn.isConnect { open[link] = place }
            if let last = last[link] { following[last] = place }
            last[link] = place
            openings[place] = open[link]
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
}

extension Turn {
    /// A connection that was made up, for what was said on it.
    fileprivate var isUnrecordedConnect: Bool {
        if case .connect(let opening, _) = act { opening.url.isEmpty } else { true }
    }
}

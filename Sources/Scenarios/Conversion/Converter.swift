import Wire

/// Makes a scenario of a recording: its text is the same for the same recording.
package enum Converter {
    /// What a conversion made.
    package struct Result: Hashable, Sendable {
        /// The scenario, as YAML.
        package var scenario: String
        /// What a person should know about it; sentences without the full stop.
        package var warnings: [String]
        /// The variables of the environment that the scenario reads.
        package var environment: [String]
        /// What the scenario's `binary:` names, to be written beside it.
        package var files: [File] = []
    }

    /// A file that belongs to a scenario.
    package struct File: Hashable, Sendable {
        /// Its path from the scenario's folder on.
        package var name: String
        package var bytes: [UInt8]
    }

    /// - Parameters:
    ///   - source: What the recording is called, for the scenario's name and description.
    ///   - target: The URL to write in place of the recording's.
    /// - Returns: Nil where the recording holds no connection.
    package static func convert(_ recording: Recording, source: String, target: String? = nil) -> Result? {
        var reader = ConversationReader(recording)
        let epoch = recording.header.recordedAt.flatMap { ISODate.epochMilliseconds($0) }.map(Double.init)
        var conversations = reader.conversations(of: recording)
        guard let first = conversations.first else { return nil }
        var warnings = reader.warnings
        var frame = ScenarioWriter.Frame(
            name: name(source),
            source: source,
            target: target ?? recording.header.target,
            messageProtocol: first.messageProtocol,
            namespace: first.namespace,
            transports: first.transports
        )
        if first.messageProtocol == .webSocket { frame.learn(from: &conversations, epoch: epoch) }
        var groups: [(group: GroupDraft, share: Int)] = []
        var files = BinaryFiles(scenario: frame.name)
        var names = MetricNames()
        for conversation in conversations {
            var drafter = FlowDrafter(conversation, epoch: epoch, files: files, names: names)
            let draft = drafter.draft()
            (files, names) = (drafter.files, drafter.names)
            warnings += drafter.warnings.filter { !warnings.contains($0) }
            if let place = groups.firstIndex(where: { $0.group == draft }) {
                groups[place].share += 1
            } else {
                groups.append((draft, 1))
            }
        }
        if groups.count > 1 {
            warnings.append(
                "the recording has \(conversations.count) clients at once that do different things: each kind is a group, and "
                    + "values that one has from another stay as recorded"
            )
        }
        let environment = groups.flatMap(\.group.environment)
        var variables: [String] = []
        for name in environment where !variables.contains(name) { variables.append(name) }
        if !variables.isEmpty {
            warnings.append("secrets were redacted: set \(variables.joined(separator: ", ")) in the environment")
        }
        var writer = ScenarioWriter(frame, groups)
        let text = writer.text()
        if text.utf8.count > SourceTree.maximumBytes {
            warnings.append(
                "the scenario is larger than \(Amounts.text(ofSize: SourceTree.maximumBytes)) and will not be read: record "
                    + "less, or take out what is long"
            )
        }
        return Result(scenario: text, warnings: warnings, environment: variables, files: files.files)
    }

    /// `leflux` of `recordings/leflux.rec.jsonl`.
    static func name(_ source: String) -> String {
        let file = source.split(separator: "/").last.map(String.init) ?? source
        let name = String(file.prefix { $0 != "." })
        return name.isEmpty ? "recording" : name
    }
}

extension ScenarioWriter.Frame {
    /// Finds the envelope and the heartbeat of plain messages, and takes them off.
    mutating func learn(from conversations: inout [Conversation], epoch: Double?) {
        envelope = EnvelopeGuess(conversations.flatMap(\.turns), epoch: epoch)
        for place in conversations.indices {
            conversations[place].envelope = envelope
            conversations[place].apply(envelope)
            let heartbeat = HeartbeatGuess(takingFrom: &conversations[place].turns)
            conversations[place].heartbeat = heartbeat
            self.heartbeat = self.heartbeat ?? heartbeat
        }
    }
}

extension Conversation {
    /// Reads the messages by an envelope.
    mutating func apply(_ envelope: EnvelopeGuess?) {
        guard let envelope else { return }
        for place in turns.indices {
            switch turns[place].act {
            case .sent(let said): turns[place].act = .sent(envelope.read(said, isSent: true))
            case .received(let said): turns[place].act = .received(envelope.read(said, isSent: false))
            default: break
            }
        }
    }
}

import Wire

extension ReplayCompiler {
    /// Something that was done, and by whom, at a time.
    struct Moment {
        enum Act {
            case action(ReplayScript.Action.Kind)
            case arrival(ReplayScript.Arrival.Kind, Subject)
        }

        /// Milliseconds since the start.
        var time: Double
        var link: Int
        /// The turn that it belongs to.
        var turn: Int
        var act: Act
    }

    /// What an arrival is about: arrivals of one subject are reported as one.
    enum Subject: Hashable {
        /// The application's event of this name.
        case event(String)
        /// Anything else, by the metric's name.
        case other(String)
    }

    /// So many of the recording's own errors are told.
    private static let toldErrors = 3

    /// Drafts a step for each turn that needs one, and says what happened in the recording.
    mutating func draft() -> [Moment] {
        drafter.beats = turns.indices.map { .turn($0) }
        drafter.steps = Array(repeating: [], count: turns.count)
        var moments: [Moment] = []
        for place in turns.indices {
            drafter.correlator.connection = links[place]
            moments += draft(place)
        }
        drafter.addVariables()
        warn()
        return moments.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }

    private mutating func draft(_ place: Int) -> [Moment] {
        let link = links[place]
        let turn = turns[place]
        func moment(_ act: Moment.Act, at time: Double? = nil) -> Moment {
            Moment(time: time ?? turn.time, link: link, turn: place, act: act)
        }
        switch turn.act {
        case .connect:
            connect(place)
            guard refusal(of: place) == nil else { return [moment(.action(.open))] }
            return [moment(.action(.open)), moment(.arrival(.answer(action: place), .other("connect")))]
        case .refused(let status):
            guard let opening = openings[place], refusal(of: opening) == place else { return [] }
            return [moment(.arrival(.refusal(action: opening, isAnswered: status != nil), .other("refused")))]
        case .sent(let said):
            if !said.isPlainBinary { drafter.draft(place) }
            return [moment(.action(.message))]
        case .acknowledge(let asking, _, _):
            guard let asking else { return [] }
            drafter.draft(place)
            return [moment(.action(.acknowledge(arrival: asking)))]
        case .acknowledged(let asking, _):
            let name = turns[asking].sent?.event ?? "message"
            return [moment(.arrival(.answer(action: asking), .other("ack.\(name)")))]
        case .received(let said):
            let name = FlowDrafter.eventName(said)
            drafter.steps[place] = [StepDraft([.init("await", .string(name))])]
            drafter.register(said, place)
            return [moment(.arrival(.event(0), .event(name)))]
        case .request(let exchange):
            drafter.draft(place)
            guard exchange.status != nil else { return [moment(.action(.request))] }
            let name = drafter.steps[place].last?["measure"]?.textValue ?? "http"
            let end = turn.time + (exchange.duration?.milliseconds ?? 0)
            return [
                moment(.action(.request)), moment(.arrival(.answer(action: place), .other(name)), at: end),
            ]
        case .disconnect:
            drafter.draft(place)
            return [moment(.action(.close))]
        case .closed:
            return [moment(.arrival(.close, .other("closed")))]
        }
    }

    private mutating func connect(_ place: Int) {
        let link = links[place]
        drafter.connects = 0
        drafter.group = GroupDraft()
        drafter.draft(place)
        let (namespace, transports) = (handshakes[link].namespace, handshakes[link].transports)
        handshakes[link] = drafter.group
        handshakes[link].namespace = namespace
        handshakes[link].transports = transports
    }

    /// Where the server turned the connection down that was opened in a turn.
    private func refusal(of opening: Int) -> Int? {
        guard let next = following[opening], case .refused = turns[next].act else { return nil }
        return next
    }

    /// Says what the replay cannot do as it was.
    private mutating func warn() {
        var errors: [String] = []
        var shortened = 0
        var redacted = 0
        for entry in recording.entries {
            switch entry.content {
            case .error(let sentence):
                errors.append("at \(Int(entry.time.milliseconds)) ms the recording says: \(sentence)")
            case .http(let exchange):
                guard let body = exchange.requestBody else { continue }
                if body.isTruncated { shortened += 1 }
                if exchange.requestJSON == nil, body.text.contains("«redacted") { redacted += 1 }
            default: continue
            }
        }
        warnings += errors.prefix(Self.toldErrors)
        if errors.count > Self.toldErrors { warnings.append("and \(errors.count - Self.toldErrors) more like this") }
        if shortened > 0 {
            warnings.append("requests whose bodies were recorded only in part, and go out so: \(shortened)")
        }
        if redacted > 0 {
            warnings.append(
                "requests with secrets that were redacted in a body that is no JSON, and go out so: \(redacted)"
            )
        }
        drafter.warnings.removeAll { $0.hasSuffix("is no JSON and left out") }
    }
}

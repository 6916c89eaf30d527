import Wire

/// Drafts the flow of one client: steps for its beats, with the values where they come from.
struct FlowDrafter {
    /// What becomes one step, or a few.
    enum Beat {
        case turn(Int)
        case stream(FoundStream)
        case plan(FoundPlan)
    }

    let conversation: Conversation
    let turns: [Turn]
    var beats: [Beat] = []
    /// The steps of each beat.
    var steps: [[StepDraft]] = []
    var correlator: Correlator
    var group = GroupDraft()
    var names: MetricNames
    var plans: [FoundPlan] = []
    /// Plans of each event that stand for all.
    var planExamples: [String: [FoundPlan]] = [:]
    /// The turns that acknowledge what was sent in a turn.
    var answers: [Int: Int] = [:]
    /// Events that handlers count.
    var handled: Set<String> = []
    /// The longest time from a cause to each event, in milliseconds.
    var waits: [String: Double] = [:]
    /// When the beat before was over.
    var quietSince: Double
    var connects = 0
    /// The id around the message that was sent last, where the envelope makes one.
    var sentID: JSONValue?
    let epoch: Double?
    var files: BinaryFiles
    var warnings: [String] = []

    /// - Parameters:
    ///   - epoch: Milliseconds from 1970 to the recording's start.
    ///   - files: The files that other groups of the scenario have.
    ///   - names: The names that they gave to metrics.
    init(_ conversation: Conversation, epoch: Double?, files: BinaryFiles, names: MetricNames) {
        self.files = files
        self.names = names
        self.conversation = conversation
        self.epoch = epoch
        turns = conversation.turns
        quietSince = turns.first?.time ?? 0
        correlator = Correlator(turns, epoch: epoch, usedNames: [])
        for (place, turn) in turns.enumerated() {
            if case .acknowledged(let asked, _) = turn.act { answers[asked] = place }
        }
    }

    mutating func draft() -> GroupDraft {
        findBeats()
        measureWaits()
        for place in beats.indices {
            steps.append([])
            draft(place)
        }
        addVariables()
        if correlator.hasRenamed {
            warnings.append("names of fields with '${' in them are written '$ {': a scenario cannot say them")
        }
        var folder = FlowFolder(usedNames: Set(correlator.slots.map(\.name)))
        let folded = folder.fold(steps.flatMap(\.self))
        group.variables += folder.variables
        group.flow = folded.filter { $0["think"]?.time.map { $0.upper > 0 } ?? true }.map(Self.withoutPauses)
        group.environment = correlator.environment.map(\.name)
        group.length = conversation.length
        return group
    }

    /// Without thinks that take no time, also in loops.
    static func withoutPauses(_ draft: StepDraft) -> StepDraft {
        var draft = draft
        if draft.kind == "repeat", let flow = draft["flow"]?.elements {
            draft["flow"] = .array(flow.filter { $0["think"]?.time.map { $0.upper > 0 } ?? true })
        }
        return draft
    }
}

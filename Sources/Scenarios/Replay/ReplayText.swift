import Wire

/// The scenario that a replay's steps are read from: a group for each kind of handshake, with the steps of all its
/// connections.
struct ReplayText {
    private let frame: ScenarioWriter.Frame
    /// What has a value from the start, and what gets one.
    private let variables: [GroupDraft.Variable]
    private let names: [String]
    private var groups: [GroupDraft] = []
    private let groupOfLink: [Int]

    init(frame: ScenarioWriter.Frame, drafter: FlowDrafter, handshakes: [GroupDraft]) {
        self.frame = frame
        variables = drafter.group.variables
        names = drafter.correlator.slots.map(\.name)
        var places: [Int] = []
        for handshake in handshakes {
            if let place = groups.firstIndex(where: { $0.hasHandshake(of: handshake) }) {
                places.append(place)
            } else {
                groups.append(handshake)
                places.append(groups.count - 1)
            }
        }
        groupOfLink = places
        for place in groups.indices { groups[place].flow = [] }
    }

    func group(of link: Int) -> Int { groupOfLink[link] }

    /// Adds the steps of a turn to the flow of its group, without think times.
    ///
    /// - Returns: Their places.
    mutating func add(_ steps: [StepDraft], of link: Int) -> (assignments: Int?, own: Int?) {
        var assignments: Int?
        var own: Int?
        let group = groupOfLink[link]
        for var step in steps where step.kind != "think" {
            // Attachments are the action's.
            step["binary"] = nil
            groups[group].flow.append(step)
            if step.kind == "set" {
                assignments = groups[group].flow.count - 1
            } else {
                own = groups[group].flow.count - 1
            }
        }
        return (assignments, own)
    }

    /// The scenario's text.
    ///
    /// What one connection has from another is known to both: with several groups all variables are declared for all of
    /// them, in the same order, so that they have the same slots.
    func written() -> String {
        var groups = groups
        var frame = frame
        if groups.count == 1 {
            groups[0].variables = variables
        } else {
            let known = Set(variables.map(\.name))
            frame.variables =
                variables
                + names.filter { !known.contains($0) }.map { .init(name: $0, value: .string(""), comment: nil) }
        }
        var writer = ScenarioWriter(frame, groups.map { ($0, 1) })
        return writer.text()
    }
}

extension GroupDraft {
    /// Whether both connect in the same manner.
    func hasHandshake(of other: GroupDraft) -> Bool {
        path == other.path && query == other.query && headers == other.headers && auth == other.auth
            && subprotocols == other.subprotocols && namespace == other.namespace && transports == other.transports
    }
}

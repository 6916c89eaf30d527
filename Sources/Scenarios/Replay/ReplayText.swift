import Wire

/// The scenario that a replay's steps are read from: a group for each kind of handshake, with the steps of all its
/// connections.
struct ReplayText {
    private let frame: ScenarioWriter.Frame
    private let variables: [GroupDraft.Variable]
    private var groups: [GroupDraft] = []
    private let groupOfLink: [Int]

    init(frame: ScenarioWriter.Frame, drafter: FlowDrafter, handshakes: [GroupDraft]) {
        self.frame = frame
        variables = drafter.group.variables
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
        for step in steps where step.kind != "think" {
            groups[group].flow.append(step)
            if step.kind == "set" {
                assignments = groups[group].flow.count - 1
            } else {
                own = groups[group].flow.count - 1
            }
        }
        return (assignments, own)
    }

    func written() -> String {
        var groups = groups
        for place in groups.indices { groups[place].variables = variables }
        var writer = ScenarioWriter(frame, groups.map { ($0, 1) })
        return writer.text()
    }
}

extension GroupDraft {
    /// Whether both connect in the same manner.
    func hasHandshake(of other: GroupDraft) -> Bool {
        path == other.path && query == other.query && headers == other.headers && auth == other.auth
            && subprotocols == other.subprotocols
    }
}

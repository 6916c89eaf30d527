import Wire

/// What a scenario is made of, as far as it can be cut: its groups, steps and values, each with how deep it lies.
struct ScenarioParts {
    struct Part {
        var node: ScenarioTree.Node
        /// 0 for what stands in a flow, or at a step, itself.
        var depth: Int
        /// The key before it; empty for an element of a list.
        var key = ""
    }

    private(set) var groups: [Part] = []
    /// Steps of flows, loops, branches and replies, and handlers, in order.
    private(set) var steps: [Part] = []
    /// Times that clients wait by themselves.
    private(set) var pauses: [Part] = []
    /// What steps send and ask for, variables, and what the target and the scenario say beside.
    private(set) var values: [Part] = []
    /// Texts that a client sends.
    private(set) var texts: [Part] = []

    init(_ tree: ScenarioTree) {
        for member in tree.root.members ?? [] {
            if member.key == "clients" {
                for group in member.node.members ?? [] {
                    groups.append(Part(node: group.node, depth: 0))
                    for key in group.node.members ?? [] { self.member(key) }
                }
            } else {
                self.member(member)
            }
        }
    }

    /// Values that the count of a scenario's size is about.
    var leaves: Int {
        var leaves = 0
        for part in values where part.depth == 0 {
            part.node.forEach { node in
                if case .scalar = node.content { leaves += 1 }
            }
        }
        return leaves
    }

    // MARK: - Keys of the top and of groups

    /// What cannot go, or says what is done with the scenario and not what clients do.
    private static let fixed: Set<String> = [
        "name", "description", "load", "grace", "warmup", "checks", "share", "feeds",
    ]

    private mutating func member(_ member: ScenarioTree.Member) {
        switch member.key {
        case _ where Self.fixed.contains(member.key): break
        case "flow", "rejoin": steps(member.node, depth: 0)
        case "faults":
            for fault in member.node.elements ?? [] { steps.append(Part(node: fault, depth: 0)) }
        case "on":
            for handler in member.node.members ?? [] {
                steps.append(Part(node: handler.node, depth: 0, key: handler.key))
                steps(handler.node, depth: 1)
            }
        case "think":
            pauses.append(Part(node: member.node, depth: 0))
        case "target":
            for part in member.node.members ?? [] where !["url", "protocol", "tls"].contains(part.key) {
                value(part, depth: 0, isData: ["query", "headers", "auth"].contains(part.key))
            }
        case "vars":
            for part in member.node.members ?? [] { value(part, depth: 0, isData: true) }
        default: value(member, depth: 0, isData: false)
        }
    }

    // MARK: - Steps

    private mutating func steps(_ list: ScenarioTree.Node, depth: Int) {
        for step in list.elements ?? [] { self.step(step, depth: depth) }
    }

    private mutating func step(_ step: ScenarioTree.Node, depth: Int) {
        steps.append(Part(node: step, depth: depth))
        guard let members = step.members, let kind = members.first?.key else { return }
        if kind == "think" || kind == "pace" { pauses.append(Part(node: step, depth: depth)) }
        for (place, member) in members.enumerated() {
            if ScenarioTree.stepKeys.contains(member.key) {
                steps(member.node, depth: depth + 1)
            } else if kind == "choose", place == 0 {
                for branch in member.node.elements ?? [] {
                    steps.append(Part(node: branch, depth: depth + 1))
                    if let flow = branch["flow"] { steps(flow, depth: depth + 2) }
                }
            } else if place == 0 {
                self.kind(member)
            } else if !Self.isInstrument(member.key, of: kind) {
                let isData = ["data", "args", "json", "headers"].contains(member.key)
                value(member, depth: 0, isData: isData)
            }
        }
    }

    /// What stands behind the word that says what a step does.
    private mutating func kind(_ member: ScenarioTree.Member) {
        switch member.key {
        case "send", "acknowledge":
            if member.node.text != nil { texts.append(Part(node: member.node, depth: 0)) }
            inner(member.node, depth: 0, isData: true)
        case "set": inner(member.node, depth: 0, isData: true)
        case "await":
            // `{ event: NAME, where: … }`
            for part in member.node.members ?? [] where part.key != "event" { value(part, depth: 0, isData: false) }
        default: break
        }
    }

    /// A stream or a plan without its key, its index or what makes two actions the same would measure something else:
    /// it might fail though the server does nothing wrong.
    private static func isInstrument(_ key: String, of kind: String) -> Bool {
        switch kind {
        case "stream", "plan", "fanout":
            !["clientLimit", "within", "measure", "onLoss", "onFailure", "joins", "leaves"].contains(key)
        case "repeat": key != "every"
        case "when", "choose", "wait": key != "within"
        default: false
        }
    }

    // MARK: - Values

    private mutating func value(_ member: ScenarioTree.Member, depth: Int, isData: Bool) {
        values.append(Part(node: member.node, depth: depth, key: member.key))
        if isData, member.node.text != nil { texts.append(Part(node: member.node, depth: depth)) }
        inner(member.node, depth: depth + 1, isData: isData)
    }

    private mutating func inner(_ node: ScenarioTree.Node, depth: Int, isData: Bool) {
        for member in node.members ?? [] { value(member, depth: depth, isData: isData) }
        for element in node.elements ?? [] {
            values.append(Part(node: element, depth: depth))
            if isData, element.text != nil { texts.append(Part(node: element, depth: depth)) }
            inner(element, depth: depth + 1, isData: isData)
        }
    }
}

import Wire

extension ScenarioTree {
    /// The scenario as YAML, laid out as `reprise convert` does.
    package var text: String {
        var writer = TreeWriter()
        writer.top(root)
        return writer.lines.joined(separator: "\n") + "\n"
    }
}

/// Writes a tree line by line.
private struct TreeWriter {
    var lines: [String] = []

    /// Keys of the top that stand apart from what is before them.
    private static let sections: Set<String> = [
        "target", "vars", "feeds", "rooms", "load", "reconnect", "rejoin", "faults", "on", "clients", "flow", "checks",
    ]
    /// Keys whose members have a line each, however short they are.
    private static let blocks: Set<String> = ["target", "vars", "on", "clients"]

    mutating func top(_ root: ScenarioTree.Node) {
        for member in root.members ?? [] {
            if Self.sections.contains(member.key), !lines.isEmpty { lines.append("") }
            self.member(member, indent: 0, isGroupKey: true)
        }
    }

    /// - Parameter isGroupKey: Whether it stands at the top or in a group, where keys have their own layout.
    private mutating func member(_ member: ScenarioTree.Member, indent: Int, isGroupKey: Bool) {
        let margin = String(repeating: " ", count: indent)
        let key = YAMLText.scalar(member.key, inFlow: true)
        let node = member.node
        comments(node, margin)
        if ScenarioTree.stepKeys.contains(member.key), let steps = node.elements {
            if steps.isEmpty { return lines.append("\(margin)\(key): []") }
            lines.append("\(margin)\(key):\(Self.remark(node))")
            for step in steps { self.step(step, indent: indent + 2) }
        } else if isGroupKey, Self.blocks.contains(member.key), let members = node.members, !members.isEmpty {
            lines.append("\(margin)\(key):\(Self.remark(node))")
            for inner in members {
                if member.key == "clients", let keys = inner.node.members {
                    comments(inner.node, "\(margin)  ")
                    lines.append("\(margin)  \(YAMLText.scalar(inner.key, inFlow: true)):\(Self.remark(inner.node))")
                    for key in keys { self.member(key, indent: indent + 4, isGroupKey: true) }
                } else if member.key == "on" {
                    handler(inner, indent: indent + 2)
                } else {
                    self.member(inner, indent: indent + 2, isGroupKey: false)
                }
            }
        } else if isGroupKey, ["load", "checks", "faults"].contains(member.key), let elements = node.elements {
            lines.append("\(margin)\(key):\(Self.remark(node))")
            for element in elements {
                comments(element, "\(margin)  ")
                lines.append("\(margin)  - \(YAMLText.flow(element.value))\(Self.remark(element))")
            }
        } else {
            plain(key, node, margin, indent)
        }
    }

    private mutating func plain(_ key: String, _ node: ScenarioTree.Node, _ margin: String, _ indent: Int) {
        var written = YAMLText.value(node.value, indent: indent, used: key.count + 2)
        let remark = written.count == 1 ? Self.remark(node) : ""
        if written.count > 1, let text = node.remark { lines.append("\(margin)# \(text)") }
        let first = written.removeFirst()
        lines.append("\(margin)\(key):\(first.isEmpty ? "" : " ")\(first)\(remark)")
        lines += written
    }

    private mutating func handler(_ member: ScenarioTree.Member, indent: Int) {
        var member = member
        let steps = member.node.elements ?? []
        let isShort = steps.allSatisfy { step in
            !(step.members ?? []).contains { ScenarioTree.stepKeys.contains($0.key) }
        }
        if steps.count == 1, isShort {
            member.node.content = steps[0].content
            member.node.comments += steps[0].comments
            return self.member(member, indent: indent, isGroupKey: false)
        }
        let margin = String(repeating: " ", count: indent)
        let start = "\(margin)\(YAMLText.scalar(member.key, inFlow: true)):"
        comments(member.node, margin)
        lines.append("\(start)\(steps.isEmpty ? " []" : "")\(Self.remark(member.node))")
        for step in steps { self.step(step, indent: indent + 2) }
    }

    private mutating func step(_ step: ScenarioTree.Node, indent: Int) {
        let margin = String(repeating: " ", count: indent)
        comments(step, margin)
        guard let members = step.members, !members.isEmpty else {
            return lines.append("\(margin)- \(YAMLText.flow(step.value))\(Self.remark(step))")
        }
        for (place, member) in members.enumerated() {
            guard place == 0 else {
                stepMember(member, indent: indent + 2)
                continue
            }
            // Its comments would stand between the dash and the key.
            comments(member.node, margin)
            var first = member
            first.node.comments = []
            first.node.remark = member.node.remark ?? step.remark
            let line = lines.count
            stepMember(first, indent: indent + 2)
            lines[line] = "\(margin)- \(lines[line].dropFirst(indent + 2))"
        }
    }

    private mutating func stepMember(_ member: ScenarioTree.Member, indent: Int) {
        if case .scalar(.null) = member.node.content {
            let margin = String(repeating: " ", count: indent)
            comments(member.node, margin)
            lines.append("\(margin)\(member.key):\(Self.remark(member.node))")
        } else {
            self.member(member, indent: indent, isGroupKey: false)
        }
    }

    private mutating func comments(_ node: ScenarioTree.Node, _ margin: String) {
        for comment in node.comments { lines.append(comment.isEmpty ? "\(margin)#" : "\(margin)# \(comment)") }
    }

    private static func remark(_ node: ScenarioTree.Node) -> String {
        node.remark.map { "   # \($0)" } ?? ""
    }
}

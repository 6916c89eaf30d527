package import Wire

/// A scenario's text as a tree that can be cut down: its values in their order, with the comments that stand at them.
///
/// Anchors are expanded, and steps always stand in lists. Each value has a number, which it keeps whatever is cut around
/// it; a key goes with its value.
package struct ScenarioTree: Sendable {
    /// A value, and the comments at it.
    struct Node: Sendable {
        var id: Int
        var content: Content
        /// The lines above, without `#`.
        var comments: [String] = []
        /// What stands behind it on its line.
        var remark: String?
    }

    indirect enum Content: Sendable {
        /// Never an array or an object.
        case scalar(JSONValue)
        case list([Node])
        case map([Member])
    }

    struct Member: Sendable {
        var key: String
        var node: Node
    }

    var root: Node
    /// The number that the next new value gets.
    var nextID: Int

    /// What it says, without comments: equal for scenarios that do the same.
    package var value: JSONValue { root.value }
}

extension ScenarioTree.Node {
    var value: JSONValue {
        switch content {
        case .scalar(let value): value
        case .list(let elements): .array(elements.map(\.value))
        case .map(let members): .object(members.map { .init($0.key, $0.node.value) })
        }
    }

    var elements: [Self]? {
        if case .list(let elements) = content { elements } else { nil }
    }

    var members: [ScenarioTree.Member]? {
        if case .map(let members) = content { members } else { nil }
    }

    var text: String? {
        if case .scalar(.string(let text)) = content { text } else { nil }
    }

    /// The value of a key of a map; setting it appends a key that is not there.
    subscript(key: String) -> Self? {
        get { members?.first { $0.key == key }?.node }
        set {
            guard case .map(var members) = content else { return }
            let place = members.firstIndex { $0.key == key }
            switch (place, newValue) {
            case (let place?, let value?): members[place].node = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(.init(key: key, node: value))
            case (nil, nil): break
            }
            content = .map(members)
        }
    }

    /// With every value in it changed, itself last.
    func mapping(_ change: (Self) -> Self) -> Self {
        var node = self
        switch content {
        case .scalar: break
        case .list(let elements): node.content = .list(elements.map { $0.mapping(change) })
        case .map(let members):
            node.content = .map(members.map { .init(key: $0.key, node: $0.node.mapping(change)) })
        }
        return change(node)
    }

    /// Calls the closure with every value in it, itself first.
    func forEach(_ body: (Self) -> Void) {
        body(self)
        switch content {
        case .scalar: break
        case .list(let elements): for element in elements { element.forEach(body) }
        case .map(let members): for member in members { member.node.forEach(body) }
        }
    }
}

extension ScenarioTree {
    /// A value of one's own, with numbers that no other has.
    mutating func node(_ value: JSONValue) -> Node {
        let id = nextID
        nextID += 1
        switch value {
        case .array(let elements): return Node(id: id, content: .list(elements.map { node($0) }))
        case .object(let members):
            return Node(id: id, content: .map(members.map { Member(key: $0.name, node: node($0.value)) }))
        default: return Node(id: id, content: .scalar(value))
        }
    }

    /// Sets a value of the scenario's top, in place of what stands there.
    package mutating func set(_ key: String, _ value: JSONValue?) {
        guard let value else { return root[key] = nil }
        var new = node(value)
        new.comments = root[key]?.comments ?? []
        root[key] = new
    }

    /// Replaces the URL of every group's target.
    package mutating func setTarget(_ url: String) {
        var target = root["target"] ?? node(.object([]))
        target["url"] = node(.string(url))
        root["target"] = target
        guard let groups = root["clients"]?.members else { return }
        for group in groups {
            var changed = group.node
            guard changed["target"]?["url"] != nil else { continue }
            changed["target"]?["url"] = nil
            if changed["target"]?.members?.isEmpty == true { changed["target"] = nil }
            root["clients"]?[group.key] = changed
        }
    }

    /// Sets the lines that stand above the value of a key of the top.
    package mutating func setComments(_ lines: [String], at key: String) {
        root[key]?.comments = lines
        root[key]?.remark = nil
    }
}

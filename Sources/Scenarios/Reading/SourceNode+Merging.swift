extension SourceNode {
    /// The value of a key of a map.
    subscript(key: String) -> SourceNode? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.key.text == key }?.value
    }

    /// This map with the entries of another over it: a key of both has the other's value, at the place of the first.
    ///
    /// - Parameter depth: How many levels of maps below are merged likewise.
    func merging(_ other: SourceNode, depth: Int = 0) -> SourceNode {
        guard case .map(var entries) = content, case .map(let others) = other.content else { return other }
        let places = Dictionary(entries.enumerated().map { ($1.key.text, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in others {
            if let index = places[entry.key.text] {
                let isDeep = depth > 0
                entries[index] = SourceEntry(
                    key: entry.key,
                    value: isDeep ? entries[index].value.merging(entry.value, depth: depth - 1) : entry.value
                )
            } else {
                entries.append(entry)
            }
        }
        return SourceNode(line: other.line, column: other.column, content: .map(entries))
    }

    /// The merged value of a key that may stand at the top, in a group, or both.
    static func merged(_ key: String, top: SourceNode, group: SourceNode, depth: Int = 0) -> SourceNode? {
        switch (top[key], group[key]) {
        case (let below?, let above?): below.merging(above, depth: depth)
        case (let below, let above): above ?? below
        }
    }
}

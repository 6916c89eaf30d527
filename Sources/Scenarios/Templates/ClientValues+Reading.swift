import Wire

extension ClientValues {
    /// The value of a variable, or of a place inside it; null where there is none.
    func value(at slot: VariableSlot, _ path: [String]) -> JSONValue {
        guard variables.indices.contains(slot) else { return .null }
        return Self.place(path, in: variables[slot])
    }

    /// The value of a feed's column in the client's row, or of a place inside it; null where there is none.
    func value(ofFeed feed: Int, column: Int, _ path: [String]) -> JSONValue {
        guard rows.indices.contains(feed), rows[feed].indices.contains(column) else { return .null }
        return Self.place(path, in: rows[feed][column])
    }

    private static func place(_ path: [String], in root: JSONValue) -> JSONValue {
        var value = root
        for name in path {
            guard let next = value[name] ?? Int(name).flatMap({ value[$0] }) else { return .null }
            value = next
        }
        return value
    }

    /// Calls the closure with a view of the message that was sent last; nil where none was.
    func withSent<Result>(_ body: (EventView) -> Result?) -> Result? {
        sent?.withView { body($0) }
    }
}

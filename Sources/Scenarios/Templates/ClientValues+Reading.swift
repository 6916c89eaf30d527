import Wire

extension ClientValues {
    /// The value of a variable, or of a place inside it; null where there is none.
    func value(at slot: VariableSlot, _ path: [String]) -> JSONValue {
        guard variables.indices.contains(slot) else { return .null }
        var value = variables[slot]
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

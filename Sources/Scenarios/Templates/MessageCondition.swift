import Wire

/// `where:` of the language: what a received message has to be like.
///
/// A field is compared where it lies: with a text, a number or a variable nothing is allocated.
package struct MessageCondition: Sendable {
    /// A place in the message and the value that has to stand there.
    struct Field: Sendable {
        var path: MessagePath
        var expected: Expected
    }

    enum Expected: Sendable {
        case literal(JSONValue)
        case variable(VariableSlot)
        case template(ValueTemplate)
    }

    let fields: [Field]
    let conditions: [Condition]

    init(fields: [Field] = [], conditions: [Condition] = []) {
        self.fields = fields
        self.conditions = conditions
    }

    /// Both have to hold.
    func and(_ other: MessageCondition) -> MessageCondition {
        MessageCondition(fields: fields + other.fields, conditions: conditions + other.conditions)
    }

    /// Whether the message is meant; `event.…` in a condition is this message.
    package func matches(_ view: EventView, _ values: inout ClientValues) -> Bool {
        for field in fields {
            let found = field.path.found(in: view)
            switch field.expected {
            case .literal(let value):
                guard value.isSame(as: found, in: view.bytes) else { return false }
            case .variable(let slot):
                guard slot < values.variables.count, values.variables[slot].isSame(as: found, in: view.bytes) else {
                    return false
                }
            case .template(let template):
                guard template.value(&values, event: view).isSame(as: found, in: view.bytes) else { return false }
            }
        }
        for condition in conditions {
            guard condition.holds(&values, event: view) else { return false }
        }
        return true
    }
}

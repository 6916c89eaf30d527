import Wire

extension JSONValue {
    /// The text of a string; nil for anything else.
    var textValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var numberValue: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    var boolValue: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// Whether it is neither an array nor an object.
    var isScalar: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    /// The value at these names and numbers.
    func value(at path: [String]) -> JSONValue? {
        var value = self
        for name in path {
            let next: JSONValue? =
                if case .array = value { Int(name).flatMap { value[$0] } } else { value[name] }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    /// All scalars in it with their paths, in order.
    var leaves: [(path: [String], value: JSONValue)] {
        switch self {
        case .array(let elements):
            elements.enumerated().flatMap { place, element in element.leaves.map { (["\(place)"] + $0.path, $0.value) }
            }
        case .object(let members):
            members.flatMap { member in member.value.leaves.map { ([member.name] + $0.path, $0.value) } }
        default: [([], self)]
        }
    }
}

extension [JSONValue.Member] {
    /// Each name once, with its last value, as JavaScript reads an object.
    var unique: [JSONValue.Member] {
        guard Set(map(\.name)).count < count else { return self }
        var result: [JSONValue.Member] = []
        for member in self {
            if let place = result.firstIndex(where: { $0.name == member.name }) {
                result[place].value = member.value
            } else {
                result.append(member)
            }
        }
        return result
    }
}

import Wire

/// The JSON Schema of the language, which editors complete, explain and check scenarios by.
///
/// Made of the shapes that the reader reads by. It says what may stand where; what only makes sense together, such as names
/// of variables, is for `reprise check`. Draft 7, which is what YAML editors understand.
package enum ScenarioSchema {
    /// The schema as a file.
    package static var text: String { PrettyJSON.text(of: document) }

    static var document: JSONValue {
        var builder = SchemaBuilder()
        let root = builder.schema(of: ScenarioKey.described)
        guard case .object(let members) = root else { return root }
        return .object(
            [
                .init("$schema", .string("http://json-schema.org/draft-07/schema#")),
                .init("title", .string("Reprise scenario")),
            ] + members + [.init("definitions", builder.definitions())]
        )
    }
}

/// Collects the definitions that are referred to.
private struct SchemaBuilder {
    private var shapes: [ShapeDescription] = []

    /// What all shapes and kinds that were referred to are, and those that they refer to.
    mutating func definitions() -> JSONValue {
        var members = kinds.map { JSONValue.Member($0.name, $0.schema) }
        for kind in StepKind.allCases { refer(to: kind.shape.described) }
        var next = 0
        // What a shape refers to is appended while it is described.
        while next < shapes.count {
            members.append(.init(shapes[next].name, schema(of: shapes[next])))
            next += 1
        }
        return .object(members)
    }

    /// A map with its keys.
    mutating func schema(of shape: ShapeDescription) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("description", .string(shape.summary)),
            .init("type", .string("object")),
            .init("properties", .object(properties(of: shape))),
            .init("additionalProperties", .bool(false)),
        ]
        let required = shape.fields.filter { $0.field.presence == .required }.map(\.key)
        if !required.isEmpty { members.append(.init("required", .array(required.map(JSONValue.string)))) }
        if shape.isChoice { members.append(.init("maxProperties", .integer(1))) }
        let alternatives = shape.alternatives.map { name in
            JSONValue.object([.init("required", .array([.string(name)]))])
        }
        if !alternatives.isEmpty { members.append(.init("anyOf", .array(alternatives))) }
        return .object(members)
    }

    private mutating func properties(of shape: ShapeDescription) -> [JSONValue.Member] {
        shape.fields.map { key, field in
            var members: [JSONValue.Member] = [.init("description", .string(field.summary))]
            let value = schema(of: field.value)
            if case .object(let own) = value {
                // In draft 7 nothing beside a reference counts.
                let isReference = own.contains { $0.name == "$ref" }
                members += isReference ? [.init("allOf", .array([value]))] : own
            }
            let examples = field.examples.compactMap { example in
                try? SourceTree.parse(example, source: SourceText(file: "example", text: example)).json
            }
            members.append(.init("examples", .array(examples)))
            return JSONValue.Member(key, .object(members))
        }
    }

    private mutating func schema(of value: ValueShape) -> JSONValue {
        switch value {
        case .duration: Self.reference("DURATION")
        case .delay: Self.any([Self.reference("RANGE"), refer(to: DistributionKey.described)])
        case .rate: Self.reference("RATE")
        case .size: Self.reference("SIZE")
        case .integer(let from, let through): Self.integer(from: from, through: through)
        case .byteRate: Self.reference("BYTERATE")
        case .percent: Self.reference("PERCENT")
        case .number(let from, let through): Self.number(from: from, through: through)
        case .flag: Self.type("boolean")
        case .word(let words): .object([.init("enum", .array(words.map(JSONValue.string)))])
        case .name, .file: Self.reference("NAME")
        case .identifier: Self.reference("IDENTIFIER")
        case .text, .fixedText: Self.reference("TEXT")
        case .request: Self.text(matching: "^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) .")
        case .json: .object([])
        case .path: Self.reference("PATH")
        case .condition: Self.reference("TEXT")
        case .messageCondition: Self.any([Self.reference("TEXT"), Self.type("object")])
        case .event: Self.reference("EVENT")
        case .steps: Self.reference("STEPS")
        case .nothing: Self.type("null")
        case .map(let shape): refer(to: shape.described)
        case .named(let key, let value): Self.map(of: schema(of: value), keys: key)
        case .list(let value): Self.list(of: schema(of: value))
        case .some(let value): Self.some(schema(of: value))
        case .either(let values): Self.any(values.map { schema(of: $0) })
        }
    }

    @discardableResult
    private mutating func refer(to shape: ShapeDescription) -> JSONValue {
        if !shapes.contains(where: { $0.name == shape.name }) { shapes.append(shape) }
        return Self.reference(shape.name)
    }
}

extension SchemaBuilder {
    /// The kinds of values that have a name.
    private var kinds: [(name: String, schema: JSONValue)] {
        mutating get {
            let number = "([0-9]+\\.?[0-9]*|\\.[0-9]+)"
            let duration = "\(number)(ms|s|m|h)"
            let rate = "\(number)/(s|m|h)"
            let event = Self.any([Self.reference("NAME"), refer(to: EventKey.described)])
            let steps = StepKind.allCases.map { Self.reference($0.shape.definition) }
            let words = StepKind.allCases.filter(\.isBare).map { JSONValue.string($0.rawValue) }
            return [
                ("DURATION", Self.text(matching: "^\(duration)$")),
                ("RANGE", Self.text(matching: "^\(duration)(\\.\\.\(duration))?$")),
                ("RATE", Self.text(matching: "^\(rate)(\\.\\.\(rate))?$")),
                (
                    "SIZE",
                    Self.any([
                        Self.integer(from: 1, through: nil), Self.text(matching: "^[0-9]+(KB|MB|GB|KiB|MiB|GiB)?$"),
                    ])
                ),
                ("BYTERATE", Self.text(matching: "^[0-9]+(KB|MB|GB|KiB|MiB|GiB)?/s$")),
                ("PERCENT", Self.text(matching: "^\(number)%$")),
                ("NAME", Self.scalar(matching: "^([^$]|\\$(?!\\{))+$")),
                ("IDENTIFIER", Self.text(matching: "^[a-z][a-z0-9_]{0,63}$")),
                ("TEXT", Self.scalar(matching: nil)),
                ("PATH", Self.some(Self.reference("NAME"))),
                ("EVENT", Self.some(event)),
                ("STEP", Self.any([.object([.init("enum", .array(words))])] + steps)),
                ("STEPS", Self.any([Self.reference("STEP"), Self.list(of: Self.reference("STEPS"))])),
            ]
        }
    }

    private static func reference(_ name: String) -> JSONValue {
        .object([.init("$ref", .string("#/definitions/\(name)"))])
    }

    private static func type(_ name: String) -> JSONValue {
        .object([.init("type", .string(name))])
    }

    private static func any(_ schemas: [JSONValue]) -> JSONValue {
        .object([.init("anyOf", .array(schemas))])
    }

    private static func text(matching pattern: String) -> JSONValue {
        .object([.init("type", .string("string")), .init("pattern", .string(pattern))])
    }

    /// A text, or what YAML takes for something else where a text is meant.
    private static func scalar(matching pattern: String?) -> JSONValue {
        let types = ["string", "number", "boolean"].map(JSONValue.string)
        return .object(
            [.init("type", .array(types))] + (pattern.map { [.init("pattern", .string($0))] } ?? [])
        )
    }

    private static func integer(from minimum: Int, through maximum: Int?) -> JSONValue {
        .object(
            [.init("type", .string("integer")), .init("minimum", .integer(minimum))]
                + (maximum.map { [.init("maximum", .integer($0))] } ?? [])
        )
    }

    private static func number(from minimum: Int, through maximum: Int) -> JSONValue {
        .object([
            .init("type", .string("number")), .init("minimum", .integer(minimum)), .init("maximum", .integer(maximum)),
        ])
    }

    private static func list(of element: JSONValue) -> JSONValue {
        .object([.init("type", .string("array")), .init("items", element)])
    }

    private static func some(_ element: JSONValue) -> JSONValue {
        let list = JSONValue.object([
            .init("type", .string("array")), .init("items", element), .init("minItems", .integer(1)),
        ])
        return any([element, list])
    }

    private static func map(of value: JSONValue, keys: ValueShape.KeyShape) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("type", .string("object")), .init("additionalProperties", value),
        ]
        let pattern: String? =
            switch keys {
            case .variable: "^[A-Za-z_][A-Za-z0-9_]*$"
            case .plain: "^[A-Za-z0-9_-]+$"
            case .any: nil
            }
        if let pattern { members.append(.init("propertyNames", .object([.init("pattern", .string(pattern))]))) }
        return .object(members)
    }
}

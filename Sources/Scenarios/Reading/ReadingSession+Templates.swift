import Wire

extension ReadingSession {
    /// A value of any kind, with templates in its texts.
    func value(_ node: SourceNode, _ scope: ExpressionScope) -> ValueTemplate {
        switch node.content {
        case .scalar(let scalar):
            if let content = scope.content, EnvelopeFraming.isData(scalar) {
                // Without data its key is left out.
                return content.data ?? ValueTemplate(.expression(.literal(.null)))
            }
            return value(scalar, scope)
        case .list(let elements):
            let templates = elements.map { value($0, scope) }
            let constants = templates.compactMap(\.literal)
            let isConstant = constants.count == templates.count
            return isConstant ? ValueTemplate(literal: .array(constants)) : ValueTemplate(.list(templates))
        case .map(let entries):
            let members = entries.map { entry in
                if entry.key.text.contains("${") {
                    report(.badTemplate, "a key cannot be a template", at: source.place(of: entry.key))
                }
                return (name: entry.key.text, value: value(entry.value, scope))
            }
            let constants = members.compactMap { member in
                member.value.literal.map { JSONValue.Member(member.name, $0) }
            }
            let isConstant = constants.count == members.count
            return isConstant ? ValueTemplate(literal: .object(constants)) : ValueTemplate(.object(members))
        }
    }

    private func value(_ scalar: SourceScalar, _ scope: ExpressionScope) -> ValueTemplate {
        if scalar.style == .plain {
            switch CoreScalar(scalar.text) {
            case .null:
                return ValueTemplate(literal: .null)
            case .bool(let flag):
                return ValueTemplate(literal: .bool(flag))
            case .number(let text):
                // What JSON would write in another way keeps its own.
                if let integer = Int(text), String(integer) == text { return ValueTemplate(literal: .integer(integer)) }
                return ValueTemplate(.number(text))
            case .text:
                break
            }
        }
        guard scalar.text.contains("${") else { return ValueTemplate(literal: .string(scalar.text)) }
        let parts: [ValueTemplate.TextPart]
        do throws(TextProblem) {
            parts = try TemplateParser.parse(scalar.text, scope: scope)
        } catch {
            report(error, in: scalar)
            return ValueTemplate(literal: .null)
        }
        if parts.count == 1, case .expression(let expression) = parts[0] {
            return ValueTemplate(.expression(expression))
        }
        let template = ValueTemplate(.text(parts))
        return template.constant.map(ValueTemplate.init(literal:)) ?? template
    }

    /// A text with templates; numbers and the like are taken as they are written.
    func text(_ node: SourceNode, _ what: String, _ scope: ExpressionScope) -> ValueTemplate? {
        guard let scalar = node.scalar, !node.isNull else {
            report(.wrongType, "\(what) has to be a text, not \(node.kind)", at: node)
            return nil
        }
        guard scalar.text.contains("${") else { return ValueTemplate(literal: .string(scalar.text)) }
        return value(scalar, scope)
    }

    /// A text in which only the environment may be filled in.
    ///
    /// - Returns: The text, and the text as outputs show it: with the names of the variables instead of their values.
    func fixedText(_ node: SourceNode, _ what: String) -> (value: String, shown: String)? {
        guard let scalar = node.scalar, !node.isNull else {
            report(.wrongType, "\(what) has to be a text, not \(node.kind)", at: node)
            return nil
        }
        let scope = ExpressionScope(session: self, names: nil, site: .fixed)
        do throws(TextProblem) {
            var value = ""
            var shown = ""
            for part in try TemplateParser.parse(scalar.text, scope: scope) {
                switch part {
                case .literal(let text):
                    value += text
                    shown += text
                case .expression(let expression):
                    value += expression.constant?.plainText ?? ""
                    shown += expression.shown
                }
            }
            return (value, shown)
        } catch {
            report(error, in: scalar)
            return nil
        }
    }

    /// One path, or a list of them.
    func paths(_ node: SourceNode, _ what: String) -> MessagePaths? {
        let nodes: [SourceNode]
        if case .list(let elements) = node.content { nodes = elements } else { nodes = [node] }
        let paths = nodes.compactMap { path($0, what) }
        guard !nodes.isEmpty else {
            report(.missing, "\(what) is an empty list", at: node)
            return nil
        }
        return paths.count == nodes.count ? MessagePaths(paths) : nil
    }

    func path(_ node: SourceNode, _ what: String) -> MessagePath? {
        guard let scalar = node.scalar, !node.isNull else {
            report(.wrongType, "\(what) has to be a path such as 'actions.0.id', not \(node.kind)", at: node)
            return nil
        }
        return path(scalar)
    }

    func path(_ scalar: SourceScalar) -> MessagePath? {
        if scalar.text.contains("${") {
            report(.badPath, "a path is fixed; a template cannot stand in it", at: source.place(of: scalar))
            return nil
        }
        do throws(TextProblem) {
            return try PathParser.parse(scalar.text)
        } catch {
            report(error, in: scalar)
            return nil
        }
    }

    /// PATH of a list: a place in a variable where it starts with the name of one, else in the event.
    ///
    /// Of several paths the first that leads to a value counts.
    func list(_ node: SourceNode, _ what: String, _ scope: ExpressionScope) -> ValueTemplate? {
        let nodes: [SourceNode]
        if case .list(let elements) = node.content { nodes = elements } else { nodes = [node] }
        guard !nodes.isEmpty else {
            report(.missing, "\(what) is an empty list", at: node)
            return nil
        }
        let expressions = nodes.compactMap { expression(ofPath: $0, what, scope) }
        guard expressions.count == nodes.count, let last = expressions.last else { return nil }
        return ValueTemplate(.expression(expressions.dropLast().reversed().reduce(last) { .fallback($1, $0) }))
    }

    private func expression(ofPath node: SourceNode, _ what: String, _ scope: ExpressionScope) -> Expression? {
        guard let scalar = node.scalar, !node.isNull else {
            report(.wrongType, "\(what) has to be a path such as 'event.actions', not \(node.kind)", at: node)
            return nil
        }
        guard !scalar.text.contains("${") else {
            let help = "names stand here without ${ }"
            report(.badPath, "\(what) is a path; a template cannot stand in it", at: node, help: help)
            return nil
        }
        do throws(TextProblem) {
            let names = try PathParser.names(in: scalar.text, at: 0)
            if scope.startsExpression(names[0].text) {
                return try scope.resolve(scalar.text, names.map(\.text), at: 0)
            }
            if names.count == 1, let variable = scope.variables.first(where: { Spelling.isSlip($0, names[0].text) }) {
                let message = "'\(names[0].text)' is read from the message here, and differs little from a variable"
                let help = "did you mean '\(variable)'? If not, write 'event.\(names[0].text)'"
                let place = source.place(of: node)
                report(.similarNames, message, at: place, help: help, severity: .warning)
            }
            return try scope.eventPath(scalar.text)
        } catch {
            report(error, in: scalar)
            return nil
        }
    }

    func condition(_ node: SourceNode, _ what: String, _ scope: ExpressionScope) -> Condition? {
        guard let scalar = node.scalar, !node.isNull else {
            report(.wrongType, "\(what) has to be a condition such as 'event.ok == true', not \(node.kind)", at: node)
            return nil
        }
        do throws(TextProblem) {
            return try ConditionParser.parse(scalar.text, scope: scope)
        } catch {
            report(error, in: scalar)
            return nil
        }
    }

    /// `where:`, a map of paths and values or a condition.
    func messageCondition(_ node: SourceNode, _ scope: ExpressionScope) -> MessageCondition? {
        var scope = scope
        scope.site = .message
        guard case .map(let entries) = node.content else {
            return condition(node, "'where'", scope).map { MessageCondition(conditions: [$0]) }
        }
        return MessageCondition(
            fields: entries.compactMap { entry in
                guard let path = path(entry.key) else { return nil }
                return MessageCondition.Field(path: path, expected: .init(value(entry.value, scope)))
            }
        )
    }

    /// A map of names and texts: headers, a query.
    func namedTemplates(_ node: SourceNode, _ what: String, _ scope: ExpressionScope) -> [NamedTemplate] {
        guard case .map(let entries) = node.content else {
            report(.wrongType, "\(what) has to be a map of names and values, not \(node.kind)", at: node)
            return []
        }
        return entries.compactMap { entry in
            guard entry.value.scalar != nil else {
                report(.wrongType, "'\(entry.key.text)' has to be a text, not \(entry.value.kind)", at: entry.value)
                return nil
            }
            return NamedTemplate(name: entry.key.text, value: value(entry.value, scope))
        }
    }
}

extension ValueTemplate {
    /// The value where the file writes it out.
    var literal: JSONValue? {
        guard case .literal(let value) = form else { return nil }
        return value
    }
}

extension MessageCondition.Expected {
    init(_ template: ValueTemplate) {
        if let constant = template.constant {
            self = .literal(constant)
        } else if case .expression(.variable(let slot, let path)) = template.form, path.isEmpty {
            self = .variable(slot)
        } else {
            self = .template(template)
        }
    }
}

extension Expression {
    /// The value for outputs: that of an environment variable is replaced by its name.
    var shown: String {
        switch self {
        case .environment(let name, _): "${env.\(name)}"
        case .fallback(let first, let second): first.constant == .null ? second.shown : first.shown
        default: constant?.plainText ?? ""
        }
    }
}

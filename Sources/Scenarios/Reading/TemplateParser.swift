/// Takes a text apart into what is fixed and what is filled in.
enum TemplateParser {
    static func parse(_ text: String, scope: ExpressionScope) throws(TextProblem) -> [ValueTemplate.TextPart] {
        let scalars = Array(text.unicodeScalars)
        var parts: [ValueTemplate.TextPart] = []
        var literal = String.UnicodeScalarView()
        var offset = 0
        while offset < scalars.count {
            guard scalars[offset] == "$", offset + 1 < scalars.count, scalars[offset + 1] == "{" else {
                literal.append(scalars[offset])
                offset += 1
                continue
            }
            if !literal.isEmpty { parts.append(.literal(String(literal))) }
            literal.removeAll()
            var parser = try ExpressionParser(scalars, from: offset + 2, scope: scope, code: .badTemplate)
            guard parser.lexer.next != .symbol("}") else {
                throw TextProblem(.badTemplate, "there is nothing inside ${ }", at: offset)
            }
            let expression = try parser.expression()
            guard parser.lexer.next == .symbol("}") else {
                let isEnd = parser.lexer.next == .end
                let message = isEnd ? "this '${' has no '}'" : "'}' or an operator is missing here"
                throw TextProblem(.badTemplate, message, at: isEnd ? offset : parser.lexer.start)
            }
            parts.append(.expression(expression))
            offset = parser.lexer.start + 1
        }
        if !literal.isEmpty { parts.append(.literal(String(literal))) }
        return parts
    }
}

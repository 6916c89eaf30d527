/// Reads COND: comparisons with `and`, `or`, `not` and `exists`.
struct ConditionParser {
    private var expressions: ExpressionParser
    private var depth = 0

    static func parse(_ text: String, scope: ExpressionScope) throws(TextProblem) -> Condition {
        var parser = try ConditionParser(text, scope: scope)
        let test = try parser.any()
        guard parser.expressions.lexer.next == .end else {
            throw parser.expressions.problem(
                "an operator is missing here, or something is too much",
                at: parser.expressions.lexer.start
            )
        }
        return Condition(test: test)
    }

    private init(_ text: String, scope: ExpressionScope) throws(TextProblem) {
        expressions = try ExpressionParser(Array(text.unicodeScalars), from: 0, scope: scope, code: .badCondition)
    }

    private mutating func any() throws(TextProblem) -> Condition.Test {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ExpressionParser.maximumDepth else {
            throw expressions.problem("this is nested too deeply", at: expressions.lexer.start)
        }
        var test = try all()
        while try expressions.lexer.take(.word("or")) { test = .any(test, try all()) }
        return test
    }

    private mutating func all() throws(TextProblem) -> Condition.Test {
        var test = try negation()
        while try expressions.lexer.take(.word("and")) { test = .all(test, try negation()) }
        return test
    }

    private mutating func negation() throws(TextProblem) -> Condition.Test {
        var isNegated = false
        while try expressions.lexer.take(.word("not")) { isNegated.toggle() }
        let test = try comparison()
        return isNegated ? .not(test) : test
    }

    private mutating func comparison() throws(TextProblem) -> Condition.Test {
        if try expressions.lexer.take(.word("exists")) { return .exists(try expressions.expression()) }
        if let group = try grouped() { return group }
        let left = try expressions.expression()
        if try expressions.lexer.take(.word("exists")) { return .exists(left) }
        guard case .symbol(let symbol) = expressions.lexer.next, let relation = Condition.Operator(rawValue: symbol)
        else {
            return .isTrue(left)
        }
        _ = try expressions.lexer.take()
        let right = try expressions.expression()
        if case .symbol(let symbol) = expressions.lexer.next, Condition.Operator(rawValue: symbol) != nil {
            throw expressions.problem("comparisons do not chain; join them by 'and'", at: expressions.lexer.start)
        }
        return .compare(relation, left, right)
    }

    /// A condition in parentheses; nil, with nothing taken, where they hold a value that goes on as an expression.
    private mutating func grouped() throws(TextProblem) -> Condition.Test? {
        guard expressions.lexer.next == .symbol("(") else { return nil }
        var ahead = self
        _ = try ahead.expressions.lexer.take()
        let test = try ahead.any()
        guard try ahead.expressions.lexer.take(.symbol(")")) else {
            throw expressions.problem("')' is missing", at: ahead.expressions.lexer.start)
        }
        switch ahead.expressions.lexer.next {
        case .symbol("??"), .word("exists"):
            return nil
        case .symbol(let symbol) where Condition.Operator(rawValue: symbol) != nil:
            return nil
        default:
            self = ahead
            return test
        }
    }
}

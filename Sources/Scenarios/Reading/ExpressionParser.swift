import Wire

/// Reads expressions: what stands inside `${…}`, and the sides of a condition.
struct ExpressionParser {
    var lexer: ExpressionLexer
    let scope: ExpressionScope
    private let code: Diagnostic.Code
    private var depth = 0

    init(
        _ scalars: [Unicode.Scalar],
        from offset: Int,
        scope: ExpressionScope,
        code: Diagnostic.Code
    ) throws(TextProblem) {
        lexer = try ExpressionLexer(scalars, from: offset, code: code)
        self.scope = scope
        self.code = code
    }

    /// `operand ?? operand …`
    mutating func expression() throws(TextProblem) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw problem("this is nested too deeply", at: lexer.start) }
        var operands: [Operand] = [try operand()]
        while try lexer.take(.symbol("??")) { operands.append(try operand()) }
        // A variable of the environment that is not set is skipped if something comes after it.
        if case .missing(let name, let offset) = operands[operands.count - 1] {
            throw TextProblem(
                .badValue,
                "the environment variable \(name) is not set",
                at: offset,
                suggestion: "set it, or write a default: ${env.\(name) ?? \"…\"}"
            )
        }
        var result: Expression?
        for operand in operands.reversed() {
            guard case .value(let expression) = operand else { continue }
            result = result.map { .fallback(expression, $0) } ?? expression
        }
        return result ?? .literal(.null)
    }

    private enum Operand {
        case value(Expression)
        case missing(name: String, offset: Int)
    }

    private mutating func operand() throws(TextProblem) -> Operand {
        let start = lexer.start
        switch try lexer.take() {
        case .text(let text):
            return .value(.literal(.string(text)))
        case .number(let text):
            return .value(.literal(CoreScalar(text).value ?? .null))
        case .symbol("("):
            let expression = try expression()
            guard try lexer.take(.symbol(")")) else { throw problem("')' is missing", at: lexer.start) }
            return .value(expression)
        case .word(let word):
            if lexer.next == .symbol("(") { return .value(try call(word, at: start)) }
            return try name(word, at: start)
        case .symbol(let symbol):
            throw problem("a value is missing before '\(symbol)'", at: start)
        case .end:
            throw problem("a value is missing at the end", at: start)
        }
    }

    private mutating func name(_ word: String, at start: Int) throws(TextProblem) -> Operand {
        switch word {
        case "true": return .value(.literal(.bool(true)))
        case "false": return .value(.literal(.bool(false)))
        case "null": return .value(.literal(.null))
        default: break
        }
        let names = try PathParser.names(in: word, at: start)
        if names[0].text == "env" {
            guard names.count == 2 else { throw problem("'env' is followed by the name of one variable", at: start) }
            guard let value = scope.environment(names[1].text) else {
                return .missing(name: names[1].text, offset: start)
            }
            return .value(.environment(name: names[1].text, value: value))
        }
        return .value(try scope.resolve(word, names.map(\.text), at: start))
    }

    private mutating func call(_ function: String, at start: Int) throws(TextProblem) -> Expression {
        _ = try lexer.take()
        var arguments: [(value: Expression, offset: Int)] = []
        while lexer.next != .symbol(")") {
            if !arguments.isEmpty, try !lexer.take(.symbol(",")) {
                throw problem("',' or ')' is missing", at: lexer.start)
            }
            let offset = lexer.start
            arguments.append((try expression(), offset))
        }
        _ = try lexer.take()
        guard scope.site != .fixed else { throw ExpressionScope.mustBeFixed(at: start) }
        if function == "stamp" { try scope.noteStamp(at: start) }
        return try Self.expression(calling: function, arguments, at: start)
    }

    private static func expression(
        calling function: String,
        _ arguments: [(value: Expression, offset: Int)],
        at start: Int
    ) throws(TextProblem) -> Expression {
        func expect(_ count: Int) throws(TextProblem) {
            guard arguments.count != count else { return }
            let wanted = count == 0 ? "no arguments" : count == 1 ? "one argument" : "\(count) arguments"
            throw TextProblem(.badTemplate, "\(function)() takes \(wanted), not \(arguments.count)", at: start)
        }
        switch function {
        case "uuid":
            try expect(0)
            return .uuid
        case "now":
            try expect(0)
            return .now
        case "iso":
            try expect(0)
            return .iso
        case "random":
            try expect(2)
            let bounds = arguments.map(\.value.constant)
            for (bound, argument) in zip(bounds, arguments) {
                switch bound {
                case .none, .some(.integer): break
                case .some: throw TextProblem(.badTemplate, "random() takes two whole numbers", at: argument.offset)
                }
            }
            if case .integer(let lower)? = bounds[0], case .integer(let upper)? = bounds[1], lower > upper {
                throw TextProblem(.badTemplate, "random() takes the smaller number first", at: arguments[0].offset)
            }
            return .random(arguments[0].value, arguments[1].value)
        case "pick":
            guard !arguments.isEmpty else {
                throw TextProblem(.badTemplate, "pick() has nothing to pick from", at: start)
            }
            return .pick(arguments.map(\.value))
        case "text":
            try expect(1)
            guard case .integer(let count)? = arguments[0].value.constant,
                (0...SampleWords.maximumCount).contains(count)
            else {
                throw TextProblem(
                    .badTemplate,
                    "text() takes a number from 0 to \(SampleWords.maximumCount)",
                    at: arguments[0].offset
                )
            }
            return .words(count)
        case "stamp":
            try expect(1)
            if case .roomName = arguments[0].value { return .stamp(nil) }
            return .stamp(arguments[0].value)
        default:
            throw TextProblem(
                .unknownFunction,
                "there is no function '\(function)'",
                at: start,
                suggestion: Spelling.nearest(to: function, in: functions).map { "did you mean '\($0)'?" }
                    ?? "the functions are \(functions.joined(separator: ", "))"
            )
        }
    }

    func problem(_ message: String, at offset: Int) -> TextProblem {
        TextProblem(code, message, at: offset)
    }

    static let functions = ["uuid", "now", "iso", "random", "pick", "text", "stamp"]
    static let maximumDepth = 32
}

/// Takes expressions and conditions apart into words.
struct ExpressionLexer {
    enum Token: Hashable {
        /// A name or a dotted path: `event.actions.0.id`.
        case word(String)
        case text(String)
        case number(String)
        /// `==`, `??`, `(` …
        case symbol(String)
        case end
    }

    private let scalars: [Unicode.Scalar]
    /// The place of the next character, in Unicode scalars.
    private(set) var offset: Int
    /// What errors are called.
    private let code: Diagnostic.Code
    /// The token that comes next.
    private(set) var next: Token = .end
    /// Where the next token starts.
    private(set) var start: Int

    /// - Parameter offset: Where to start, in Unicode scalars of the text.
    init(_ scalars: [Unicode.Scalar], from offset: Int = 0, code: Diagnostic.Code) throws(TextProblem) {
        self.scalars = scalars
        self.offset = offset
        self.code = code
        start = offset
        try advance()
    }

    /// Takes the next token.
    mutating func take() throws(TextProblem) -> Token {
        let token = next
        try advance()
        return token
    }

    /// Takes the next token if it is this one.
    mutating func take(_ token: Token) throws(TextProblem) -> Bool {
        guard next == token else { return false }
        try advance()
        return true
    }

    private mutating func advance() throws(TextProblem) {
        while offset < scalars.count, scalars[offset].properties.isWhitespace { offset += 1 }
        start = offset
        guard offset < scalars.count else {
            next = .end
            return
        }
        let scalar = scalars[offset]
        if scalar == "'" || scalar == "\"" {
            next = .text(try text(until: scalar))
        } else if Self.isDigit(scalar)
            || (scalar == "-" && offset + 1 < scalars.count && Self.isDigit(scalars[offset + 1]))
        {
            let word = run { Self.isWord($0) || $0 == "-" || $0 == "+" || $0 == "." }
            guard case .number(let number) = CoreScalar(word) else {
                throw TextProblem(code, "'\(word)' is no number", at: start)
            }
            next = .number(number)
        } else if Self.isWord(scalar) {
            next = .word(run { Self.isWord($0) || $0 == "." || $0 == "-" || $0 == "[" || $0 == "]" })
        } else {
            next = .symbol(try symbol())
        }
    }

    private mutating func run(while belongs: (Unicode.Scalar) -> Bool) -> String {
        var view = String.UnicodeScalarView()
        while offset < scalars.count, belongs(scalars[offset]) {
            view.append(scalars[offset])
            offset += 1
        }
        return String(view)
    }

    private mutating func text(until quote: Unicode.Scalar) throws(TextProblem) -> String {
        offset += 1
        let text = run { $0 != quote }
        guard offset < scalars.count else { throw TextProblem(code, "this text has no end", at: start) }
        offset += 1
        return text
    }

    private mutating func symbol() throws(TextProblem) -> String {
        let two = scalars[offset...].prefix(2).map(String.init).joined()
        if ["==", "!=", "<=", ">=", "??"].contains(two) {
            offset += 2
            return two
        }
        let one = String(scalars[offset])
        guard ["<", ">", "(", ")", ",", "}"].contains(one) else {
            let suggestion: String? =
                switch two {
                case "&&": "write 'and'"
                case "||": "write 'or'"
                default:
                    one == "{"
                        ? "names stand here without ${ }" : one == "=" ? "write '=='" : one == "!" ? "write 'not'" : nil
                }
            throw TextProblem(code, "'\(one)' means nothing here", at: start, suggestion: suggestion)
        }
        offset += 1
        return one
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "$" || isDigit(scalar) || ("a"..."z").contains(scalar)
            || ("A"..."Z").contains(scalar) || (scalar.value >= 0x80 && !scalar.properties.isWhitespace)
    }
}

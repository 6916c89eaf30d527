/// The words of a command, split as a POSIX shell splits them (2.2, quoting), without a shell.
///
/// What only a shell could do (pipes, variables, patterns) is a fault and not a character, since it was hardly meant as
/// one.
enum CommandWords {
    static func split(_ text: String) throws(TextProblem) -> [String] {
        var splitter = Splitter(text: Array(text.unicodeScalars))
        return try splitter.words()
    }
}

private struct Splitter {
    let text: [Unicode.Scalar]
    private var offset = 0
    private var found: [String] = []
    /// The word that is being read; nil between words, empty behind `''`.
    private var word: String.UnicodeScalarView?

    init(text: [Unicode.Scalar]) {
        self.text = text
    }

    mutating func words() throws(TextProblem) -> [String] {
        while offset < text.count {
            let scalar = text[offset]
            switch scalar {
            case " ", "\t", "\n", "\r": endWord()
            case "'": try readSingleQuoted()
            case "\"": try readDoubleQuoted()
            case "\\": try append(escapedAt: offset + 1)
            case "|", "&", ";", "<", ">", "(", ")", "$", "`", "*", "?", "[": throw Self.shellOnly(scalar, at: offset)
            case "~" where word == nil, "#" where word == nil:
                throw Self.shellOnly(scalar, at: offset)
            case "=" where found.isEmpty && word.map(Self.isVariable) == true:
                let help = "write 'env NAME=VALUE' before the command"
                throw TextProblem(.badValue, "only a shell sets variables so", at: offset, suggestion: help)
            default: try append(scalar)
            }
            offset += 1
        }
        endWord()
        guard let first = found.first, !first.isEmpty else { throw TextProblem(.missing, "there is no command", at: 0) }
        return found
    }

    private mutating func endWord() {
        if let word { found.append(String(word)) }
        word = nil
    }

    private mutating func append(_ scalar: Unicode.Scalar) throws(TextProblem) {
        guard scalar != "\0" else { throw TextProblem(.badValue, "a command has no NUL in it", at: offset) }
        word = word ?? String.UnicodeScalarView()
        word?.append(scalar)
    }

    private mutating func append(escapedAt next: Int) throws(TextProblem) {
        guard next < text.count else { throw TextProblem(.badValue, "'\\' has nothing behind it", at: offset) }
        offset = next
        try append(text[next])
    }

    private mutating func readSingleQuoted() throws(TextProblem) {
        let start = offset
        word = word ?? String.UnicodeScalarView()
        offset += 1
        while offset < text.count, text[offset] != "'" {
            try append(text[offset])
            offset += 1
        }
        if offset >= text.count { throw Self.open(at: start) }
    }

    private mutating func readDoubleQuoted() throws(TextProblem) {
        let start = offset
        word = word ?? String.UnicodeScalarView()
        offset += 1
        while offset < text.count, text[offset] != "\"" {
            switch text[offset] {
            case "$", "`": throw Self.shellOnly(text[offset], at: offset)
            case "\\" where offset + 1 < text.count && ["\"", "\\", "$", "`"].contains(text[offset + 1]):
                try append(escapedAt: offset + 1)
            default: try append(text[offset])
            }
            offset += 1
        }
        if offset >= text.count { throw Self.open(at: start) }
    }

    /// What stands before a `=` could be the name of a variable.
    private static func isVariable(_ word: String.UnicodeScalarView) -> Bool {
        guard let first = word.first, !("0"..."9").contains(first) else { return false }
        return word.allSatisfy {
            $0 == "_" || ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
        }
    }

    private static func open(at offset: Int) -> TextProblem {
        TextProblem(.badValue, "the quote that begins here does not end", at: offset)
    }

    private static func shellOnly(_ scalar: Unicode.Scalar, at offset: Int) -> TextProblem {
        let help = "put it between '…' where it is meant as it stands, or the command into a script"
        return TextProblem(
            .badValue,
            "'\(scalar)' means something to a shell, and none runs this",
            at: offset,
            suggestion: help
        )
    }
}

import Yams

extension SourceTree {
    /// What the YAML parser objected to, in words that help.
    func diagnostic(for error: any Error) -> Diagnostic {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            if let place = unquotedTemplate(at: mark, context?.mark) {
                return self.problem(
                    .yaml,
                    "a '${…}' inside { } or [ ] has to be quoted",
                    line: place.line,
                    column: place.column,
                    help: "write \"${…}\""
                )
            }
            let (line, column) = visible(mark)
            let words = [context?.text, problem].compactMap { $0 }.joined(separator: ", ")
            return self.problem(
                .yaml,
                "this is no YAML: \(words)",
                line: line,
                column: column,
                help: help(for: problem, line: line)
            )
        case .composer(_, let problem, let mark, _):
            let (line, column) = visible(mark)
            return self.problem(.yaml, "this is no YAML: \(problem)", line: line, column: column)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
            return self.problem(
                .duplicateKey,
                "\(names) stands more than once in the same map",
                line: context.mark.line,
                column: context.mark.column,
                help: "keep one of them; the first is here"
            )
        case .reader(let problem, _, let value, _):
            let code = value >= 0 ? " (U+\(String(value, radix: 16, uppercase: true)))" : ""
            return self.problem(.yaml, "this is no YAML: \(problem)\(code)", line: 1, column: 1)
        default:
            return self.problem(.yaml, "this is no YAML", line: 1, column: 1)
        }
    }

    /// The place of a `$` that the parser took for a text before a map.
    private func unquotedTemplate(at mark: Mark, _ context: Mark?) -> (line: Int, column: Int)? {
        let scalars = Array(source.line(mark.line).unicodeScalars)
        for column in [mark.column, mark.column - 1] where scalars.indices.contains(column - 1) {
            if column >= 2, scalars[column - 1] == "{", scalars[column - 2] == "$" { return (mark.line, column - 1) }
        }
        // The parser may have run on from a template that stands earlier in the same collection.
        guard let context, context.line <= mark.line else { return nil }
        let start = Array(source.line(context.line).unicodeScalars)
        if context.column >= 2, start.indices.contains(context.column - 1), start[context.column - 1] == "{",
            start[context.column - 2] == "$"
        {
            return (context.line, context.column - 1)
        }
        return nil
    }

    /// A mark beyond the end of the file is moved to its end.
    private func visible(_ mark: Mark) -> (line: Int, column: Int) {
        var line = max(mark.line, 1)
        while line > 1, source.line(line).isEmpty { line -= 1 }
        return line == mark.line ? (line, max(mark.column, 1)) : (line, source.line(line).unicodeScalars.count + 1)
    }

    private func help(for problem: String, line: Int) -> String? {
        let text = source.line(line)
        if text.contains("\"${") || text.contains("'${") {
            return "inside a quoted text use the other kind of quotes: \"${env.NAME ?? 'default'}\""
        }
        if problem.contains("mapping values are not allowed") {
            return "quote a text that has ': ' in it, and mind the indentation"
        }
        return text.contains("\t") ? "YAML is indented by spaces, not by tabs" : nil
    }
}

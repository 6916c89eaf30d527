import Wire

/// Reads PATH: `actions.0.id`, `actions[0].id`, `args.1.x`, `$`.
enum PathParser {
    /// - Parameter offset: Where the text stands in its scalar, for errors.
    static func parse(_ text: String, at offset: Int = 0) throws(TextProblem) -> MessagePath {
        var names = try names(in: text, at: offset)
        var root = MessagePath.Root.argument(0)
        if names.first?.text == "$" {
            root = .message
            names.removeFirst()
        } else if names.first?.text == "args", names.count > 1 {
            guard let number = Int(names[1].text), number < 1000 else {
                let problem = "'args' is followed by the number of an argument, from 0"
                throw TextProblem(.badPath, problem, at: offset + names[1].offset)
            }
            root = .argument(number)
            names.removeFirst(2)
        }
        let components = names.map { name -> JSONPath.Component in
            let isIndex = name.text.allSatisfy(\.isASCIIDigit) && (name.text == "0" || !name.text.hasPrefix("0"))
            if isIndex, let index = Int(name.text) { return .index(index) }
            return .name(Array(name.text.utf8))
        }
        return MessagePath(root: root, path: JSONPath(components))
    }

    /// The names between the dots and brackets.
    static func names(in text: String, at offset: Int) throws(TextProblem) -> [(text: String, offset: Int)] {
        var names: [(text: String, offset: Int)] = []
        var name = String.UnicodeScalarView()
        var start = 0
        var inBrackets = false
        var afterBracket = false
        let scalars = Array(text.unicodeScalars)
        func close(at end: Int) throws(TextProblem) {
            if afterBracket, name.isEmpty { return }
            guard !name.isEmpty else {
                throw TextProblem(.badPath, "a name is missing in the path '\(text)'", at: offset + end)
            }
            names.append((String(name), start))
        }
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "." where !inBrackets, "[" where !inBrackets:
                try close(at: index)
                name.removeAll()
                start = index + 1
                inBrackets = scalar == "["
                afterBracket = false
            case "]" where inBrackets:
                guard !name.isEmpty, name.allSatisfy({ ("0"..."9").contains($0) }) else {
                    throw TextProblem(.badPath, "a number stands between [ and ]", at: offset + start)
                }
                try close(at: index)
                name.removeAll()
                start = index + 1
                inBrackets = false
                afterBracket = true
            case "[", "]":
                throw TextProblem(.badPath, "'\(scalar)' is out of place in the path '\(text)'", at: offset + index)
            default:
                guard !afterBracket else {
                    throw TextProblem(.badPath, "a dot is missing after ']'", at: offset + index)
                }
                name.append(scalar)
            }
        }
        guard !inBrackets else {
            throw TextProblem(.badPath, "']' is missing in '\(text)'", at: offset + scalars.count)
        }
        try close(at: scalars.count)
        return names
    }
}

import Wire

extension ScenarioTree {
    /// Keys whose values are steps, wherever they stand but in data.
    static let stepKeys: Set<String> = ["flow", "else", "reply", "rejoin"]

    /// Reads the text of a scenario.
    ///
    /// - Throws: What keeps it from being read as YAML or JSON at all.
    package init(parsing text: String, file: String) throws(ScenarioError) {
        let text = text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
        let source = SourceText(file: file, text: text)
        do throws(Diagnostic) {
            var builder = Builder(comments: SourceComments(text, source))
            let root = builder.root(try SourceTree.parse(text, source: source))
            self.init(root: root, nextID: builder.nextID)
        } catch {
            throw ScenarioError(diagnostics: [error])
        }
    }
}

/// Numbers the values of a file and brings its comments to them.
private struct Builder {
    var comments: SourceComments
    var nextID = 0

    /// The whole: comments above its first key are that key's.
    mutating func root(_ source: SourceNode) -> ScenarioTree.Node {
        nextID += 1
        return ScenarioTree.Node(id: nextID - 1, content: content(source))
    }

    mutating func node(_ source: SourceNode, steps: Bool, line: Int? = nil, column: Int? = nil) -> ScenarioTree.Node {
        let id = nextID
        nextID += 1
        // Those of a key stand where the key does, and are not its value's first member's too.
        let above = comments.takeAbove(line: line ?? source.line, column: column ?? source.column)
        let remark = comments.takeRemark(line: line ?? source.line)
        return ScenarioTree.Node(
            id: id,
            content: steps ? .list(self.steps(source)) : content(source),
            comments: above,
            remark: remark
        )
    }

    private mutating func content(_ source: SourceNode) -> ScenarioTree.Content {
        switch source.content {
        case .scalar: return .scalar(source.json)
        case .list(let elements): return .list(elements.map { node($0, steps: false) })
        case .map(let entries): return .map(members(entries))
        }
    }

    private mutating func members(_ entries: [SourceEntry], areHandlers: Bool = false) -> [ScenarioTree.Member] {
        entries.map { entry in
            let key = entry.key.text
            if key == "on", !areHandlers, case .map(let handlers) = entry.value.content {
                let id = nextID
                nextID += 1
                let above = comments.takeAbove(line: entry.key.line, column: entry.key.column)
                let remark = comments.takeRemark(line: entry.key.line)
                let content = ScenarioTree.Content.map(members(handlers, areHandlers: true))
                return .init(key: key, node: .init(id: id, content: content, comments: above, remark: remark))
            }
            let areSteps = areHandlers || ScenarioTree.stepKeys.contains(key)
            return .init(
                key: key,
                node: node(entry.value, steps: areSteps, line: entry.key.line, column: entry.key.column)
            )
        }
    }

    /// Steps as a list: one alone may stand for a list, and a list among steps is spliced.
    private mutating func steps(_ source: SourceNode) -> [ScenarioTree.Node] {
        guard case .list(let elements) = source.content else {
            return source.isNull ? [] : [node(source, steps: false)]
        }
        return elements.flatMap { element -> [ScenarioTree.Node] in
            if case .list = element.content { steps(element) } else { [node(element, steps: false)] }
        }
    }
}

/// The comments of a file by their lines; each is taken once.
private struct SourceComments {
    private var above: [Int: (indent: Int, text: String)] = [:]
    private var behind: [Int: String] = [:]

    init(_ text: String, _ source: SourceText) {
        guard !source.file.hasSuffix(".json") else { return }
        let count = text.unicodeScalars.count { $0 == "\n" } + 1
        for number in 1...count {
            let scalars = Array(source.line(number).unicodeScalars)
            let indent = scalars.prefix { $0 == " " }.count
            if indent < scalars.count, scalars[indent] == "#" {
                above[number] = (indent, Self.text(scalars[(indent + 1)...]))
            } else if let place = Self.remark(in: scalars) {
                behind[number] = Self.text(scalars[(place + 1)...])
            }
        }
    }

    /// The comment lines right above a place that are not indented deeper, as those of a text block would be.
    mutating func takeAbove(line: Int, column: Int) -> [String] {
        var lines: [String] = []
        var number = line - 1
        while let comment = above[number], comment.indent < column {
            lines.insert(comment.text, at: 0)
            above[number] = nil
            number -= 1
        }
        return lines
    }

    mutating func takeRemark(line: Int) -> String? {
        behind.removeValue(forKey: line)
    }

    /// Where a comment begins behind something; a quote or a `#` inside of a word begins none.
    private static func remark(in scalars: [Unicode.Scalar]) -> Int? {
        var quote: Unicode.Scalar?
        var previous: Unicode.Scalar = " "
        for (place, scalar) in scalars.enumerated() {
            if let open = quote {
                if scalar == open, open == "'" || previous != "\\" { quote = nil }
                // The second of two backslashes escapes nothing.
                previous = scalar == "\\" && previous == "\\" ? " " : scalar
                continue
            }
            if scalar == "#", previous == " " || previous == "\t" { return place }
            // Two single quotes are one inside of a text.
            let isAgain = scalar == "'" && previous == "'"
            if scalar == "\"" || scalar == "'", isAgain || " [{,:-".unicodeScalars.contains(previous) { quote = scalar }
            previous = scalar
        }
        return nil
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars.drop { $0 == " " })
        return String(view)
    }
}

import Wire
import Yams

/// Makes a tree with places of the text of a scenario file.
///
/// Yams is used as a parser only: what a scalar means is decided here. Aliases arrive expanded but shared, so a small file can stand
/// for an endless tree; what is copied out of it is counted.
struct SourceTree {
    static let maximumBytes = Limits.file.bytes
    static let maximumDepth = 64

    /// How much there may be.
    struct Limits: Hashable, Sendable {
        var bytes: Int
        var nodes: Int

        /// Of what a person writes.
        static let file = Limits(bytes: 1 << 20, nodes: 100_000)
    }

    /// A line and a column; `Mark` cannot be made outside of Yams.
    private struct Spot {
        var line: Int
        var column: Int

        init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        init(_ mark: Mark) {
            self.init(line: mark.line, column: mark.column)
        }
    }

    let source: SourceText
    private let limits: Limits
    private var nodes = 0

    /// The root of the file.
    ///
    /// - Throws: What is broken; there is nothing to go on with then.
    static func parse(_ text: String, source: SourceText, limits: Limits = .file) throws(Diagnostic) -> SourceNode {
        var tree = SourceTree(source: source, limits: limits)
        var text = text
        guard text.utf8.count <= limits.bytes else {
            throw tree.problem(.limit, "the file is larger than \(limits.bytes >> 20) MiB", line: 1, column: 1)
        }
        if source.file.hasSuffix(".json") {
            try tree.checkJSON(text)
            text = JSONText.withoutSurrogateEscapes(text)
        }
        try tree.checkKeys(in: text)
        let root: Node?
        do {
            root = text.isEmpty ? nil : try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch {
            throw tree.diagnostic(for: error)
        }
        guard let root else { throw tree.problem(.missing, "the file is empty", line: 1, column: 1) }
        return try tree.node(root, depth: 0, near: Spot(line: 1, column: 1))
    }

    private init(source: SourceText, limits: Limits) {
        self.source = source
        self.limits = limits
    }

    private mutating func node(_ node: Node, depth: Int, near: Spot) throws(Diagnostic) -> SourceNode {
        let mark = node.mark.map(Spot.init) ?? near
        nodes += 1
        guard nodes <= limits.nodes else {
            let message = "the file stands for more than \(limits.nodes) values, counting what its aliases repeat"
            throw problem(.limit, message, line: mark.line, column: mark.column)
        }
        guard depth < Self.maximumDepth else {
            throw problem(
                .limit,
                "this is nested more than \(Self.maximumDepth) levels deep",
                line: mark.line,
                column: mark.column
            )
        }
        let content: SourceNode.Content
        switch node {
        case .scalar(let scalar):
            content = .scalar(try text(scalar, near: mark))
        case .sequence(let sequence):
            var elements: [SourceNode] = []
            for element in sequence { elements.append(try self.node(element, depth: depth + 1, near: mark)) }
            content = .list(elements)
        case .mapping(let mapping):
            var entries: [SourceEntry] = []
            for (key, value) in mapping {
                let key = try self.key(key, near: mark)
                let keyMark = Spot(line: key.line, column: key.column)
                entries.append(SourceEntry(key: key, value: try self.node(value, depth: depth + 1, near: keyMark)))
            }
            content = .map(entries)
        case .alias:
            throw problem(.yaml, "an alias without its value", line: mark.line, column: mark.column)
        }
        return SourceNode(line: mark.line, column: mark.column, content: content)
    }

    private mutating func key(_ node: Node, near: Spot) throws(Diagnostic) -> SourceScalar {
        let mark = node.mark.map(Spot.init) ?? near
        guard case .scalar(let scalar) = node else {
            throw problem(.yaml, "a key has to be a text", line: mark.line, column: mark.column)
        }
        var key = try text(scalar, near: near)
        // Yams resolves the tags of keys when it looks for duplicates, so the tag of a plain key says nothing.
        if scalar.style == .plain { key.style = .plain }
        if key.text == "<<", key.style == .plain {
            throw problem(
                .yaml,
                "'<<' does not merge maps in a scenario",
                line: mark.line,
                column: mark.column,
                help: "share steps as a list: a list among steps is spliced, so '- *steps' puts them there"
            )
        }
        return key
    }

    private func text(_ scalar: Node.Scalar, near: Spot) throws(Diagnostic) -> SourceScalar {
        let mark = scalar.mark.map(Spot.init) ?? near
        let style: SourceScalar.Style =
            switch scalar.style {
            case .any, .plain: .plain
            case .singleQuoted: .singleQuoted
            case .doubleQuoted: .doubleQuoted
            case .literal: .literal
            case .folded: .folded
            }
        let tag = scalar.tag.rawValue
        let isText = tag == "tag:yaml.org,2002:str" || tag == "!"
        guard isText || tag.isEmpty else {
            let message = "the tag '\(tag)' means nothing in a scenario"
            throw problem(.yaml, message, line: mark.line, column: mark.column, help: "leave it out")
        }
        // `!!str 5` is a text as if it were quoted.
        let shown: SourceScalar.Style = style == .plain && isText ? .folded : style
        return SourceScalar(text: scalar.string, style: shown, line: mark.line, column: mark.column)
    }
}

extension SourceTree {
    func problem(
        _ code: Diagnostic.Code,
        _ message: String,
        line: Int,
        column: Int,
        help: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            code: code,
            message: message,
            place: source.place(line: line, column: column),
            suggestion: help,
            sourceLine: source.line(line)
        )
    }

    /// Refuses what would keep the YAML parser busy for ever: it hashes keys to find duplicates, and a key that is an
    /// alias of lists of aliases is as large as it says, not as it is written.
    private func checkKeys(in text: String) throws(Diagnostic) {
        let facts = AliasScan(text)
        if facts.aliases > 30, let line = facts.lineOfCollectionKey {
            throw problem(.limit, "a list, a map or an alias cannot be a key", line: line, column: 1)
        }
    }

    private func checkJSON(_ text: String) throws(Diagnostic) {
        var text = text
        let problem: JSONError? = text.withUTF8 { bytes in
            do throws(JSONError) {
                try JSONScanner.validate(UnsafeRawBufferPointer(bytes))
                return nil
            } catch {
                return error
            }
        }
        guard let problem else { return }
        let before = Array(text.utf8.prefix(problem.offset))
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = String(decoding: before[start...], as: UTF8.self).unicodeScalars.count + 1
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        throw self.problem(.yaml, "this is no JSON", line: line, column: column)
    }
}

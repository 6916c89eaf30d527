/// The text of a scenario file, for the places and lines of diagnostics.
struct SourceText: Sendable {
    let file: String
    private let lines: [[Unicode.Scalar]]

    init(file: String, text: String) {
        self.file = file
        var lines: [[Unicode.Scalar]] = []
        var line: [Unicode.Scalar] = []
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            // The line ends that YAML 1.1 counts.
            if scalar == "\n", previous == "\r" {
                // The second half of a CR LF.
            } else if ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) {
                lines.append(line)
                line.removeAll()
            } else {
                line.append(scalar)
            }
            previous = scalar
        }
        lines.append(line)
        self.lines = lines
    }

    /// The line with this number from 1, without its end; empty where there is none.
    func line(_ number: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars(ofLine: number))
        return String(view)
    }

    func place(line: Int, column: Int) -> SourcePlace {
        SourcePlace(file: file, line: line, column: column)
    }

    func place(of node: SourceNode) -> SourcePlace {
        place(line: node.line, column: node.column)
    }

    func place(of scalar: SourceScalar) -> SourcePlace {
        place(line: scalar.line, column: scalar.column)
    }

    /// The place of a character inside a scalar; where the way there is not plain to see, the scalar's own place.
    ///
    /// - Parameter offset: In Unicode scalars of the scalar's text.
    func place(in scalar: SourceScalar, offset: Int) -> SourcePlace {
        let start = place(of: scalar)
        let line = scalars(ofLine: scalar.line).dropFirst(scalar.column - 1)
        switch scalar.style {
        case .plain:
            let prefix = scalar.text.unicodeScalars.prefix(offset)
            guard line.starts(with: prefix) else { return start }
            return place(line: scalar.line, column: scalar.column + offset)
        case .singleQuoted, .doubleQuoted:
            guard let distance = Self.distance(to: offset, inQuoted: line) else { return start }
            return place(line: scalar.line, column: scalar.column + distance)
        case .literal:
            return placeInBlock(scalar, offset: offset) ?? start
        case .folded:
            return start
        }
    }

    /// How many characters after its opening quote's place the n-th character of a quoted scalar stands.
    private static func distance(to offset: Int, inQuoted line: ArraySlice<Unicode.Scalar>) -> Int? {
        guard let quote = line.first, quote == "\"" || quote == "'" else { return nil }
        var rest = line.dropFirst()
        for _ in 0..<offset {
            guard let scalar = rest.popFirst() else { return nil }
            if quote == "'", scalar == "'" {
                guard rest.popFirst() == "'" else { return nil }
            } else if quote == "\"", scalar == "\\" {
                guard let kind = rest.popFirst() else { return nil }
                let digits = [Unicode.Scalar("x"): 2, "u": 4, "U": 8][kind] ?? 0
                rest = rest.dropFirst(digits)
            }
        }
        return rest.startIndex - line.startIndex
    }

    private func placeInBlock(_ scalar: SourceScalar, offset: Int) -> SourcePlace? {
        let before = Array(scalar.text.unicodeScalars.prefix(offset))
        let number = scalar.line + 1 + before.count { $0 == "\n" }
        let column = before.count - (before.lastIndex(of: "\n").map { $0 + 1 } ?? 0)
        let contentLines = lines.dropFirst(scalar.line)
        guard let first = contentLines.first(where: { $0.contains { $0 != " " } }) else { return nil }
        let indent = first.prefix { $0 == " " }.count
        return number <= lines.count ? place(line: number, column: indent + column + 1) : nil
    }

    private func scalars(ofLine number: Int) -> [Unicode.Scalar] {
        lines.indices.contains(number - 1) ? lines[number - 1] : []
    }
}

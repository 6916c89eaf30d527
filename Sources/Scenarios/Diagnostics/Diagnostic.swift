/// One thing about a scenario file that is wrong or doubtful, and where.
package struct Diagnostic: Error, Hashable, Sendable {
    /// An error keeps the scenario from running; a warning does not.
    package enum Severity: String, Hashable, Sendable {
        case error, warning
    }

    /// What kind of fault it is.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The file cannot be read at all.
        case file
        /// The file or what it expands to is larger or deeper than is allowed.
        case limit
        case yaml
        case duplicateKey
        case unknownKey
        case wrongType
        case missing
        case badValue
        case badTemplate
        case badPath
        case badCondition
        case badCheck
        case unknownVariable
        case unknownFunction
        case nameClash
        /// A latency or a deadline is asked for, and nothing that it could run from comes before.
        case noCause
        /// A step that waits stands in a handler.
        case waitsInHandler
        /// Two events of the file have names that differ little.
        case similarNames
    }

    package var severity: Severity
    package var code: Code
    /// A sentence without the full stop.
    package var message: String
    package var place: SourcePlace
    /// What to write instead, or what to do.
    package var suggestion: String?
    /// The line of the file that `place` is in, without its end.
    package var sourceLine: String

    package init(
        severity: Severity = .error,
        code: Code,
        message: String,
        place: SourcePlace,
        suggestion: String? = nil,
        sourceLine: String = ""
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.place = place
        self.suggestion = suggestion
        self.sourceLine = sourceLine
    }
}

extension Diagnostic {
    /// The diagnostic as a person reads it: the place and the sentence, the line with a caret, the help.
    ///
    /// - Parameter colour: Whether to use the terminal's colours (ECMA-48 SGR sequences).
    package func rendered(colour: Bool) -> String {
        func paint(_ text: String, _ code: String) -> String {
            colour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
        }
        let tint = severity == .error ? "1;31" : "1;33"
        var lines = [
            "\(paint("\(place):", "1")) \(paint("\(severity.rawValue):", tint)) \(Self.printable(message))"
        ]
        if !sourceLine.isEmpty {
            let (window, offset) = Self.window(of: sourceLine.unicodeScalars, around: place.column - 1)
            lines.append("  " + Self.printable(String(window)))
            // A tab stays a tab, so that the caret stands below its character whatever a tab is wide.
            let indent = window.prefix(offset).map { $0 == "\t" ? "\t" : " " }.joined()
            lines.append("  " + indent + paint("^", tint))
        }
        if let suggestion {
            lines.append("  " + paint("help:", "1;36") + " " + Self.printable(suggestion))
        }
        return lines.joined(separator: "\n")
    }

    /// At most 160 characters of the line, and where in them the column is.
    private static func window(
        of scalars: String.UnicodeScalarView,
        around column: Int
    ) -> (text: Substring.UnicodeScalarView, offset: Int) {
        let end = scalars.endIndex
        let isShort = scalars.index(scalars.startIndex, offsetBy: 161, limitedBy: end) == nil
        let skipped = isShort ? 0 : max(0, column - 80)
        let start = scalars.index(scalars.startIndex, offsetBy: skipped, limitedBy: end) ?? end
        let text = scalars[start...].prefix(160)
        return (text, min(max(0, column - skipped), text.count))
    }

    /// The text without control characters, so that a file cannot drive the terminal.
    private static func printable(_ text: String) -> String {
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control && scalar != "\t"
            view.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(view)
    }
}

/// Text of a page, into which nothing gets unescaped by accident.
///
/// A literal is markup, and what is interpolated into it is text: no name can break out of `"<td>\(name)</td>"`, neither
/// within an element nor within an attribute in quotes. Only another `HTMLText` goes in as markup. Scripts and styles are
/// no place for interpolated texts: there are other rules in them.
package struct HTMLText: Sendable, Hashable, ExpressibleByStringInterpolation {
    package private(set) var markup: String

    package init() { markup = "" }

    /// Takes markup as it is.
    package init(markup: String) { self.markup = markup }

    /// Makes markup of a text.
    package init(_ text: some StringProtocol) { markup = Self.escaped(text) }

    package init(stringLiteral value: String) { markup = value }

    package init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }

    /// A name that others have chosen: its direction of writing stays within it.
    package static func name(_ text: some StringProtocol) -> HTMLText { "<bdi>\(text)</bdi>" }

    /// The name of a metric, which may be broken behind its dots and underscores.
    package static func metric(_ text: some StringProtocol) -> HTMLText {
        var pieces: [HTMLText] = []
        var rest = text[...]
        while let end = rest.firstIndex(where: { "._:{,".contains($0) }), rest.index(after: end) < rest.endIndex {
            pieces.append(HTMLText(rest[...end]))
            rest = rest[rest.index(after: end)...]
        }
        pieces.append(HTMLText(rest))
        return "<bdi>\(pieces.joined(separator: "<wbr>"))</bdi>"
    }

    package var isEmpty: Bool { markup.isEmpty }

    package static func += (text: inout HTMLText, more: HTMLText) { text.markup += more.markup }

    package static func + (first: HTMLText, second: HTMLText) -> HTMLText {
        HTMLText(markup: first.markup + second.markup)
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity + interpolationCount * 12)
        }

        package mutating func appendLiteral(_ literal: String) { markup += literal }

        package mutating func appendInterpolation(_ text: some StringProtocol) { markup += HTMLText.escaped(text) }

        package mutating func appendInterpolation(_ number: some BinaryInteger) { markup += String(number) }

        package mutating func appendInterpolation(_ html: HTMLText) { markup += html.markup }

        /// Nothing where there is nothing.
        package mutating func appendInterpolation(_ html: HTMLText?) { markup += html?.markup ?? "" }
    }
}

extension HTMLText {
    /// A text as it may stand within an element and within an attribute in quotes.
    ///
    /// Control characters, but for line ends and tabs, and the marks that turn the direction of writing are shown as
    /// escapes: some are not allowed in a page, others would let a name rearrange what stands beside it.
    package static func escaped(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(where: isSpecial) else { return String(text) }
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count + 16)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            default:
                if isHidden(scalar) {
                    escaped += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    escaped.unicodeScalars.append(scalar)
                }
            }
        }
        return escaped
    }

    /// Whether a byte may belong to something that is not written as it is.
    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        // Beyond ASCII: the leading bytes of what `isHidden` knows, U+0080…U+00BF, U+2000…U+2FFF and U+F000…U+FFFF.
        case ..<0x20, 0x7F, 0xC2, 0xD8, 0xE2, 0xEF: true
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
        case 0xFFFE...0xFFFF: true
        default: false
        }
    }
}

extension Sequence<HTMLText> {
    /// All of them, one behind the other.
    package func joined(separator: HTMLText = "") -> HTMLText {
        HTMLText(markup: map(\.markup).joined(separator: separator.markup))
    }
}

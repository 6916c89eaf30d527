import Foundation

/// Takes secrets out of texts before they are shown or written.
package struct Redactor: Sendable {
    /// What stands in a secret's place.
    package static let mark = "[redacted]"

    /// Longest first, so that a secret that contains another one goes as a whole.
    private let secrets: [String]

    /// - Parameter secrets: such as the values of the environment variables that a scenario reads; those shorter than
    ///   three characters are ignored, since they would stand in every other word.
    package init(secrets: [String] = []) {
        var forms: Set<String> = []
        for secret in secrets where secret.count >= 3 {
            forms.insert(secret)
            forms.insert(Self.jsonEscaped(secret))
            if let encoded = secret.addingPercentEncoding(withAllowedCharacters: Self.unreserved) {
                forms.insert(encoded)
            }
        }
        self.secrets = forms.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    /// The bytes of the longest form of a secret: what is cut out of a text may begin or end with one byte less of it.
    package var longestSecret: Int { secrets.first?.utf8.count ?? 0 }

    /// The text with every secret replaced, also where it is percent-encoded or escaped as JSON does it.
    package func apply(_ text: String) -> String {
        var text = text
        for secret in secrets where text.contains(secret) {
            text = text.replacingOccurrences(of: secret, with: Self.mark)
        }
        return text
    }

    /// JSON with every secret replaced within the strings that are values; keys and numbers stay.
    func applyToValues(ofJSON json: String) -> String {
        guard !secrets.isEmpty else { return json }
        var result = ""
        var rest = Substring(json)
        while let quote = rest.firstIndex(of: "\"") {
            result += rest[..<quote]
            let literal = Self.literal(rest[quote...])
            rest = rest[literal.endIndex...]
            let isKey = rest.first { !$0.isWhitespace } == ":"
            result += isKey ? String(literal) : apply(String(literal))
        }
        return result + rest
    }

    /// A string of JSON at the start of the text, with its quotes.
    private static func literal(_ text: Substring) -> Substring {
        var isEscaped = false
        for index in text.indices.dropFirst() {
            if isEscaped {
                isEscaped = false
            } else if text[index] == "\\" {
                isEscaped = true
            } else if text[index] == "\"" {
                return text[...index]
            }
        }
        return text
    }

    /// The name of a counter: one that was registered is the scenario's or Reprise's own and stays, another came from a server.
    func apply(counter name: String, of register: MetricRegister) -> String {
        register.counter(named: name) == nil ? apply(name) : name
    }

    private static func jsonEscaped(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(text) else { return text }
        return String(String(decoding: data, as: UTF8.self).dropFirst().dropLast())
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    )
}

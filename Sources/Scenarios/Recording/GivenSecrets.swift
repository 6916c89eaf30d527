/// Texts that are secrets whatever they stand for, such as the values of environment variables.
///
/// They are replaced wherever they stand, as they are, percent-encoded, or escaped as JSON does it, and their beginning
/// where a text is cut off in the middle of them.
struct GivenSecrets {
    /// Shorter texts would stand in every other word.
    private static let shortest = 3

    /// All forms of each, longest first, so that a secret that contains another one goes as a whole.
    private var forms: [(text: [UInt8], secret: [UInt8])] = []

    /// Which bytes some form begins with.
    private var begins = [Bool](repeating: false, count: 256)

    init(_ secrets: [String] = []) {
        var known: Set<[UInt8]> = []
        for text in Set(secrets).sorted() where text.unicodeScalars.count >= Self.shortest {
            let secret = Array(text.utf8)
            let escaped = SecretText.escaped(secret)
            for form in [secret, PercentText.encoded(secret), escaped, SecretText.escaped(escaped)]
            where known.insert(form).inserted {
                forms.append((form, secret))
            }
        }
        for form in forms { begins[Int(form.text[0])] = true }
        forms.sort { ($1.text.count, $0.text.first ?? 0) < ($0.text.count, $1.text.first ?? 0) }
    }

    /// The text without them; nil where it has none.
    ///
    /// - Parameter isCut: The text is only the beginning of one.
    func redacted(_ text: [UInt8], isCut: Bool = false, _ register: inout SecretRegister) -> [UInt8]? {
        guard !forms.isEmpty else { return nil }
        var result: [UInt8] = []
        var copied = 0
        var at = 0
        while at < text.count {
            guard begins[Int(text[at])] else {
                at += 1
                continue
            }
            let rest = text[at...]
            guard let form = forms.first(where: { stands($0.text, in: rest, isCut: isCut) }) else {
                at += 1
                continue
            }
            let end = min(at + form.text.count, text.count)
            let place = at..<end
            // Within a longer number it is something else, and a number of JSON becomes a text.
            let isNumber = Self.isNumber(form.text)
            if isNumber, Self.isWithinNumber(place, in: text) {
                at += 1
                continue
            }
            let quote: [UInt8] = isNumber && Self.isValue(place, in: text) ? [UInt8(ascii: "\"")] : []
            result += text[copied..<at] + quote + register.placeholder(for: form.secret) + quote
            copied = end
            at = end
        }
        return copied == 0 ? nil : result + text[copied...]
    }

    private func stands(_ form: [UInt8], in rest: ArraySlice<UInt8>, isCut: Bool) -> Bool {
        if rest.count >= form.count { return rest.starts(with: form) }
        return isCut && rest.count >= Self.shortest && form.starts(with: rest)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isNumber(_ text: [UInt8]) -> Bool {
        text.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    private static func isWithinNumber(_ place: Range<Int>, in text: [UInt8]) -> Bool {
        let before = place.lowerBound > 0 ? text[place.lowerBound - 1] : 0
        let after = place.upperBound < text.count ? text[place.upperBound] : 0
        return isDigit(before) || isDigit(after)
    }

    /// Whether it stands as a number does in JSON.
    private static func isValue(_ place: Range<Int>, in text: [UInt8]) -> Bool {
        guard let before = text[..<place.lowerBound].last(where: { $0 > 0x20 }),
            let after = text[place.upperBound...].first(where: { $0 > 0x20 })
        else { return false }
        return [UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "[")].contains(before)
            && [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(after)
    }
}

/// Replaces the secrets in parameters, `name=value`, of a URL, a form or any other text, and passwords in URLs.
enum SecretParameters {
    /// The text without these secrets; nil where it has none.
    static func redacted(_ text: [UInt8], _ register: inout SecretRegister) -> [UInt8]? {
        var result: [UInt8] = []
        var copied = 0
        var at = 0
        while let sign = text[at...].firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "@") }) {
            at = sign + 1
            let secret: Range<Int>
            if text[sign] == UInt8(ascii: "=") {
                let name = text[copied..<sign].reversed().prefix { isName($0) }.reversed()
                guard !name.isEmpty, SecretNames.isSecret(PercentText.decoded(Array(name))) else { continue }
                let end = text[at...].firstIndex { !isValue($0) } ?? text.count
                secret = at..<end
            } else {
                guard let password = password(before: sign, in: text, from: copied) else { continue }
                secret = password
            }
            let value = Array(text[secret])
            guard !value.isEmpty, !value.starts(with: SecretRegister.opening) else { continue }
            result += text[copied..<secret.lowerBound] + register.placeholder(for: PercentText.decoded(value))
            copied = secret.upperBound
            at = max(at, copied)
        }
        return copied == 0 ? nil : result + text[copied...]
    }

    /// The password of `scheme://user:password@`.
    private static func password(before sign: Int, in text: [UInt8], from start: Int) -> Range<Int>? {
        let authority = text[start..<sign].reversed().prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
        let first = sign - authority.count
        guard first >= start + 2, text[first - 1] == UInt8(ascii: "/"), text[first - 2] == UInt8(ascii: "/"),
            let colon = text[first..<sign].firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return colon + 1..<sign
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "%"), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }

    private static func isValue(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != UInt8(ascii: "&") && byte != UInt8(ascii: ";") && byte != UInt8(ascii: "#")
            && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "'") && byte != UInt8(ascii: "<")
            && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "}") && byte != UInt8(ascii: "\\")
    }
}

/// Which headers, fields and parameters hold secrets, by their names.
package enum SecretNames {
    /// Headers whose values are secrets, in lower case.
    private static let headers: Set<String> = [
        "authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key", "x-auth-token", "x-csrf-token",
        "x-xsrf-token",
    ]

    /// Names that are secrets as they stand, without case and separators.
    private static let whole: Set<String> = [
        "auth", "authentication", "bearer", "connectsid", "cookies", "csrf", "cvc", "cvv", "jsessionid", "otp", "pass",
        "phpsessid", "pin", "signature", "ssn", "xsrf",
    ]

    /// Endings that make a name a secret's: `accessToken`, `client_secret`.
    private static let endings = [
        "accesskey", "apikey", "authorization", "cookie", "credential", "credentials", "jwt", "passcode", "passphrase",
        "passwd", "password", "privatekey", "pwd", "secret", "secretkey", "token",
    ]

    /// What the header of a recording says of these rules.
    package static let all = headers.sorted() + whole.sorted() + endings.map { "*\($0)" }

    static func isSecretHeader(_ name: String) -> Bool {
        headers.contains(name.lowercased()) || isSecret(name)
    }

    /// Whether a field or parameter of this name holds a secret.
    static func isSecret(_ name: some Sequence<UInt8>) -> Bool {
        var simple: [UInt8] = []
        for byte in name {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): simple.append(byte | 0x20)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): simple.append(byte)
            default: break
            }
            // A name as long as this is none.
            if simple.count > 64 { return false }
        }
        let text = String(decoding: simple, as: UTF8.self)
        return whole.contains(text) || endings.contains { text.hasSuffix($0) }
    }

    package static func isSecret(_ name: String) -> Bool { isSecret(name.utf8) }
}

/// Session ids and bearer tokens, which the server recognises without keeping them: they follow from the seed and
/// their number.
struct XenonTokens {
    enum Kind: UInt64 {
        case session = 21
        case bearer = 22
    }

    private let seed: UInt64
    private var issued: UInt64 = 0

    init(seed: UInt64) {
        self.seed = seed
    }

    mutating func issue(_ kind: Kind) -> String {
        defer { issued += 1 }
        return text(kind, issued)
    }

    /// Whether this server gave the token out.
    func accepts(_ token: String, _ kind: Kind) -> Bool {
        guard token.utf8.count == 32, let number = UInt64(token.prefix(16), radix: 16), number < issued else {
            return false
        }
        return token == text(kind, number)
    }

    private func text(_ kind: Kind, _ number: UInt64) -> String {
        var random = SplitMix64(seed, kind.rawValue, number)
        return hexadecimal(number) + hexadecimal(random.next())
    }
}

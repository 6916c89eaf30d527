/// The secrets that were seen, and what stands in the place of each: `«redacted:1»`.
///
/// Equal secrets have equal placeholders, so that one can still tell what was sent back. It keeps the secrets
/// themselves in memory, to find them again wherever they come.
struct SecretRegister {
    /// Secrets beyond this number all become `«redacted»`, and are not looked for elsewhere.
    private static let limit = 100_000
    /// Shorter texts are no secrets that one would know again.
    private static let shortest = 8

    private var numbers: [[UInt8]: Int] = [:]
    private var last = 0
    /// Secrets to look for, by their first eight bytes.
    private var known: [UInt64: [[UInt8]]] = [:]
    /// Which hashes of first eight bytes there are, so that most places of a text cost one look.
    private var marks = [UInt64](repeating: 0, count: 1024)

    static let opening = Array("«redacted".utf8)

    /// What to write in place of a secret; the secret itself where it is empty or a placeholder already.
    mutating func placeholder(for secret: some Collection<UInt8>) -> [UInt8] {
        if secret.isEmpty || secret.starts(with: Self.opening) { return Array(secret) }
        let secret = Array(secret)
        if let number = numbers[secret] { return Self.text(number) }
        guard numbers.count < Self.limit else { return Array("«redacted»".utf8) }
        last += 1
        let number = last
        note(secret, number)
        // The same as it stands in a URL or in a JSON text.
        for other in [PercentText.encoded(secret), SecretText.escaped(secret)] where other != secret {
            note(other, number)
        }
        return Self.text(number)
    }

    private mutating func note(_ secret: [UInt8], _ number: Int) {
        numbers[secret] = number
        guard Self.isKnownAgain(secret) else { return }
        let word = Self.word(secret, 0)
        known[word, default: []].append(secret)
        let hash = Self.hash(word)
        marks[hash >> 6] |= 1 << UInt64(hash & 63)
    }

    /// The text with all secrets that are known replaced; nil where it has none.
    func redacted(_ text: [UInt8]) -> [UInt8]? {
        guard !known.isEmpty, text.count >= Self.shortest else { return nil }
        var result: [UInt8] = []
        var copied = 0
        var at = 0
        var word = Self.word(text, 0)
        while true {
            let hash = Self.hash(word)
            if marks[hash >> 6] & 1 << UInt64(hash & 63) != 0, let secret = secret(word, text, at),
                let number = numbers[secret]
            {
                result += text[copied..<at] + Self.text(number)
                at += secret.count
                copied = at
                guard text.count - at >= Self.shortest else { break }
                word = Self.word(text, at)
                continue
            }
            guard at + Self.shortest < text.count else { break }
            word = word >> 8 | UInt64(text[at + Self.shortest]) << 56
            at += 1
        }
        return copied == 0 ? nil : result + text[copied...]
    }

    /// The longest secret that stands at this place.
    private func secret(_ word: UInt64, _ text: [UInt8], _ at: Int) -> [UInt8]? {
        known[word]?.filter { text[at...].starts(with: $0) }.max { $0.count < $1.count }
    }

    /// Whether a text is so peculiar that, where it comes again, it is the secret.
    private static func isKnownAgain(_ secret: [UInt8]) -> Bool {
        guard secret.count >= shortest, secret.count <= 16 << 10 else { return false }
        return secret.count >= 16 || secret.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func text(_ number: Int) -> [UInt8] { Array("«redacted:\(number)»".utf8) }

    private static func word(_ text: [UInt8], _ at: Int) -> UInt64 {
        var word: UInt64 = 0
        for place in 0..<8 { word |= UInt64(text[at + place]) << UInt64(8 * place) }
        return word
    }

    private static func hash(_ word: UInt64) -> Int {
        Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> 48)
    }
}

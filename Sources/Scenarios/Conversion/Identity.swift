import Wire

/// Which values name something: a session, a task, a user.
enum Identity {
    /// Whether a field of this name holds what names something: `sessionId`, `order_key`.
    static func isNaming(_ key: String) -> Bool {
        let name = key.lowercased().filter { $0 != "_" && $0 != "-" }
        return endings.contains { name.hasSuffix($0) }
    }

    private static let endings = [
        "id", "uuid", "guid", "key", "token", "cursor", "nonce", "hash", "session", "etag", "ref", "handle", "secret",
        "ticket", "code",
    ]

    /// Whether a text can hardly be anything else, whatever field it stands in.
    static func isPeculiar(_ text: String) -> Bool {
        if text.contains("«redacted") { return true }
        // A sentence is none, whatever stands in it.
        guard !text.contains(" ") else { return false }
        if UUIDText.firstRange(in: text) != nil { return true }
        guard text.utf8.count >= 12, ISODate.epochMilliseconds(text) == nil else { return false }
        return text.utf8.contains { (0x30...0x39).contains($0) } && !text.contains("://") && !text.hasPrefix("/")
    }

    /// Whether a value that one side said first and the other said again is meant to be the same.
    static func isIdentifying(_ value: JSONValue, _ key: String) -> Bool {
        switch value {
        case .string(let text):
            isPeculiar(text)
                || isNaming(key) && text.utf8.count >= 3
                    && text.utf8.contains { (0x30...0x39).contains($0) }
        case .integer(let number): isNaming(key) && number >= 10 || number >= 100_000
        default: false
        }
    }

    /// Milliseconds since 1970 that a value means, where it is a time within a day of this one.
    static func time(_ value: JSONValue, near epoch: Double?) -> (epoch: Double, isText: Bool)? {
        let found: (Double, Bool)
        switch value {
        case .string(let text):
            guard let time = ISODate.epochMilliseconds(text) else { return nil }
            found = (Double(time), true)
        case .integer(let number) where number > 1_000_000_000_000 && number < 10_000_000_000_000:
            found = (Double(number), false)
        default: return nil
        }
        if let epoch, abs(found.0 - epoch) > 86_400_000 { return nil }
        return found
    }
}

extension UUIDText {
    /// Where the first UUID of a text stands.
    static func firstRange(in text: String) -> Range<String.Index>? {
        guard text.utf8.count >= 36 else { return nil }
        let bytes = Array(text.utf8)
        for start in 0...(bytes.count - 36) where isUUID(bytes[start..<start + 36]) {
            let lower = text.utf8.index(text.startIndex, offsetBy: start)
            return lower..<text.utf8.index(lower, offsetBy: 36)
        }
        return nil
    }

    /// Whether it names one thing; one of a single digit, `00000000-0000-…`, stands for none or a default.
    private static func isUUID(_ bytes: ArraySlice<UInt8>) -> Bool {
        for (place, byte) in bytes.enumerated() {
            switch place {
            case 8, 13, 18, 23: if byte != UInt8(ascii: "-") { return false }
            default:
                switch byte | 0x20 {
                case UInt8(ascii: "a")...UInt8(ascii: "f"): break
                default: if !(0x30...0x39).contains(byte) { return false }
                }
            }
        }
        return !bytes.allSatisfy { $0 == bytes.first || $0 == UInt8(ascii: "-") }
    }
}

extension Turn {
    /// The texts in it that name something.
    var identifyingTexts: [String] {
        values.flatMap(\.leaves).compactMap { leaf in
            guard let text = leaf.value.textValue, Identity.isIdentifying(leaf.value, leaf.path.last ?? "") else {
                return nil
            }
            return text
        }
    }

    /// All that was said in it.
    var values: [JSONValue] {
        switch act {
        case .connect(let opening, let auth):
            [auth ?? .null]
                + QueryText.parameters(ofPath: opening.path).map { .object([.init($0.name, .string($0.value))]) }
        case .sent(let said), .received(let said): said.whole.map { [$0] } ?? said.arguments
        case .acknowledged(_, let arguments), .acknowledge(_, let arguments, _): arguments
        case .request(let exchange):
            [exchange.requestJSON ?? .null, exchange.responseJSON ?? .null]
                + exchange.pathParts.map { .string($0) }
                + QueryText.parameters(ofPath: exchange.path).map { .object([.init($0.name, .string($0.value))]) }
        case .disconnect, .closed, .refused: []
        }
    }
}

extension RecordedExchange {
    var requestJSON: JSONValue? {
        requestBody.flatMap { try? JSONValue(parsing: $0.text, maximumDepth: ConversationReader.maximumDepth) }
    }
    var responseJSON: JSONValue? {
        responseBody.flatMap { try? JSONValue(parsing: $0.text, maximumDepth: ConversationReader.maximumDepth) }
    }

    /// The path with its query.
    var path: String {
        guard let mark = url.firstRange(of: "://") else { return url.hasPrefix("/") ? url : "/\(url)" }
        let path = url[mark.upperBound...].drop { $0 != "/" && $0 != "?" }
        return path.hasPrefix("/") ? String(path) : "/\(path)"
    }

    var pathParts: [String] {
        QueryText.path(path).split(separator: "/").map { PercentText.decoded($0) }
    }
}

/// Where a request goes: a path on the group's target, or a URL of its own.
struct HTTPPlace: Hashable {
    /// The group whose target it is; nil for a URL of its own.
    let group: Int?
    /// Whether a URL of its own says `https`; the target knows that itself.
    let isSecure: Bool
    let host: String
    let port: Int
    /// As the `Host` header says it.
    let authority: String
    /// From the first slash on.
    let path: String

    var isTarget: Bool { group != nil }

    /// Nil for a text that is neither a path nor a URL of HTTP or HTTPS.
    ///
    /// - Parameters:
    ///   - group: The group whose target paths are on.
    ///   - authority: That of the target.
    init?(_ text: String, group: Int, authority: String) {
        if text.hasPrefix("/") {
            self.group = group
            isSecure = false
            host = ""
            port = 0
            self.authority = authority
            path = text
            return
        }
        guard let mark = text.firstRange(of: "://") else { return nil }
        switch text[..<mark.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: return nil
        }
        let rest = text[mark.upperBound...]
        let name = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let tail = rest.dropFirst(name.count).prefix { $0 != "#" }
        guard !name.isEmpty, !name.contains("@"),
            let (host, port) = Self.split(name, port: isSecure ? 443 : 80)
        else { return nil }
        self.group = nil
        self.host = host
        self.port = port
        self.authority = String(name)
        path = tail.hasPrefix("/") ? String(tail) : "/\(tail)"
    }

    /// `host`, `host:port`, `[address]`, `[address]:port`.
    private static func split(_ name: Substring, port: Int) -> (host: String, port: Int)? {
        if name.hasPrefix("[") {
            guard let end = name.firstIndex(of: "]") else { return nil }
            let host = String(name[name.index(after: name.startIndex)..<end])
            let rest = name[name.index(after: end)...]
            if rest.isEmpty { return (host, port) }
            return rest.hasPrefix(":") ? number(rest.dropFirst()).map { (host, $0) } : nil
        }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return (String(parts[0]), port)
        case 2: return number(parts[1]).map { (String(parts[0]), $0) }
        default: return nil
        }
    }

    private static func number(_ text: Substring) -> Int? {
        Int(text).flatMap { (1...65_535).contains($0) ? $0 : nil }
    }
}

/// Where a request goes: a path on the group's target, or a URL of its own.
struct HTTPPlace: Hashable {
    /// The group whose target it is; nil for a URL of its own.
    let group: Int?
    let host: String
    let port: Int
    /// As the `Host` header says it.
    let authority: String
    /// From the first slash on.
    let path: String

    var isTarget: Bool { group != nil }

    /// Nil for a text that is neither a path nor a URL of plain HTTP.
    init?(_ text: String, group: Int, authority: String) {
        if text.hasPrefix("/") {
            self.group = group
            host = ""
            port = 0
            self.authority = authority
            path = text
            return
        }
        let scheme = "http://"
        guard text.prefix(scheme.count).lowercased() == scheme else { return nil }
        let rest = text.dropFirst(scheme.count)
        let name = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let tail = rest.dropFirst(name.count).prefix { $0 != "#" }
        guard !name.isEmpty, !name.contains("@"), let (host, port) = Self.split(name) else { return nil }
        self.group = nil
        self.host = host
        self.port = port
        self.authority = String(name)
        path = tail.hasPrefix("/") ? String(tail) : "/\(tail)"
    }

    /// `host`, `host:port`, `[address]`, `[address]:port`.
    private static func split(_ name: Substring) -> (host: String, port: Int)? {
        if name.hasPrefix("[") {
            guard let end = name.firstIndex(of: "]") else { return nil }
            let host = String(name[name.index(after: name.startIndex)..<end])
            let rest = name[name.index(after: end)...]
            if rest.isEmpty { return (host, 80) }
            return rest.hasPrefix(":") ? Int(rest.dropFirst()).map { (host, $0) } : nil
        }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return (String(parts[0]), 80)
        case 2: return Int(parts[1]).map { (String(parts[0]), $0) }
        default: return nil
        }
    }
}

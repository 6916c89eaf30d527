/// The hosts whose pages may talk to the server.
struct OriginList: Sendable {
    private let hosts: Set<String>

    /// - Parameter hosts: Without scheme and port; `*` stands for all.
    init(_ hosts: [String]) {
        self.hosts = Set(hosts.map { $0.lowercased() })
    }

    /// Whether a request with this Origin header is served; one without comes from no page.
    func allows(_ origin: String?) -> Bool {
        guard let origin, !hosts.contains("*") else { return true }
        guard let host = Self.host(of: origin) else { return false }
        return hosts.contains(host)
    }

    /// The host of `scheme://host[:port]` in lower case; nil for `null` and anything else that has none.
    private static func host(of origin: String) -> String? {
        let scheme = origin.prefix { $0 != ":" }
        let rest = origin.dropFirst(scheme.count)
        guard !scheme.isEmpty, rest.hasPrefix("://") else { return nil }
        let authority = rest.dropFirst(3)
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            return authority[authority.index(after: authority.startIndex)..<end].lowercased()
        }
        let host = authority.prefix { $0 != ":" && $0 != "/" }
        return host.isEmpty ? nil : host.lowercased()
    }
}

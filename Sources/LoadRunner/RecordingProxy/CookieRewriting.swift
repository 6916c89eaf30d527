/// Makes cookies of the server ones that a client keeps for the proxy. Source: RFC 6265, sections 4.1.2 and 5.2.
///
/// `Domain` goes where it names the server, for the client knows the proxy by another name. `Secure` goes where the
/// server speaks TLS and the proxy does not, unless the cookie would be worth nothing without it: `SameSite=None`,
/// `Partitioned` and the names `__Secure-…` and `__Host-…` want it, and browsers that know of these keep secure cookies
/// of loopback addresses.
struct CookieRewriting: Sendable {
    let host: String
    let isSecure: Bool

    /// The value of a `Set-Cookie` header; nil where it may stay as it is.
    func rewritten(_ header: String) -> String? {
        let parts = header.split(separator: ";", omittingEmptySubsequences: false)
        guard let pair = parts.first else { return nil }
        let attributes = parts.dropFirst()
        let needsSecure = needsSecure(pair.withoutBlanks, attributes)
        let kept = attributes.filter { attribute in
            switch name(of: attribute) {
            case "domain": !isServers(attribute)
            case "secure": !isSecure || needsSecure
            default: true
            }
        }
        return kept.count == attributes.count ? nil : ([pair] + kept).joined(separator: ";")
    }

    private func needsSecure(_ pair: Substring, _ attributes: ArraySlice<Substring>) -> Bool {
        let pairName = pair.lowercased()
        if pairName.hasPrefix("__secure-") || pairName.hasPrefix("__host-") { return true }
        return attributes.contains { attribute in
            let name = name(of: attribute)
            return name == "partitioned" || (name == "samesite" && value(of: attribute) == "none")
        }
    }

    /// Whether a `Domain` is the server's host or one above it.
    private func isServers(_ attribute: Substring) -> Bool {
        var domain = value(of: attribute)
        if domain.hasPrefix(".") { domain.removeFirst() }
        let host = host.lowercased()
        return host == domain || host.hasSuffix(".\(domain)")
    }

    private func name(of attribute: Substring) -> String {
        attribute.prefix { $0 != "=" }.withoutBlanks.lowercased()
    }

    private func value(of attribute: Substring) -> String {
        attribute.drop { $0 != "=" }.dropFirst().withoutBlanks.lowercased()
    }
}

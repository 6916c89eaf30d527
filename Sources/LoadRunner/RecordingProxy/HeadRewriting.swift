import Scenarios

/// What is changed in the heads of messages that go by, as a reverse proxy for one server has to.
///
/// Towards the server: `Host`, and `Origin` if wished; compression is not offered, so that what is recorded is what was
/// said. Towards the client: whatever would lead it past the proxy, or that it would not take from it.
struct HeadRewriting: Sendable {
    /// What an answer's rewriting has to know of its request.
    struct Memory: Hashable, Sendable {
        /// The proxy as the client knows it: `http://127.0.0.1:8099`.
        var proxyOrigin: String
        /// The page's origin, where the server was told another one.
        var replacedOrigin: String?
    }

    /// The headers that are taken out of requests.
    static let removed = ["accept-encoding", "sec-websocket-extensions"]

    let target: ServerURL
    let authority: String
    let rewritesOrigin: Bool
    /// The proxy's address, for clients that do not say how they know it.
    let listening: String

    init(_ target: ServerURL, rewritesOrigin: Bool, listening: String) {
        self.target = target
        authority = String(target.description.drop { $0 != ":" }.dropFirst(3))
        self.rewritesOrigin = rewritesOrigin
        self.listening = listening
    }

    // MARK: Requests

    /// Makes a request one to the server.
    func request(_ head: inout RelayedHead) -> Memory {
        let proxyOrigin = "http://\(head.value("host").flatMap { $0.isEmpty ? nil : $0 } ?? listening)"
        var memory = Memory(proxyOrigin: proxyOrigin)
        for name in Self.removed { head.remove(name) }
        head.edit("host") { _ in authority }
        if let (method, address, version) = head.request, let path = Self.path(ofAbsolute: address) {
            head.setStartLine("\(method) \(path) \(version)")
        }
        if rewritesOrigin {
            memory.replacedOrigin = head.value("origin")
            head.edit("origin") { _ in target.description }
            head.edit("referer") { value in replacing(proxyOrigin, by: target.description, in: value) }
        }
        return memory
    }

    /// The path of a whole address, as a client asks a forward proxy; nil for what is a path already.
    private static func path(ofAbsolute address: String) -> Substring? {
        let lower = address.prefix(8).lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else { return nil }
        let rest = address.drop { $0 != ":" }.dropFirst(3)
        let path = rest.drop { $0 != "/" && $0 != "?" }
        return path.hasPrefix("/") ? path : "/\(path)"
    }

    // MARK: Answers

    /// Makes an answer one of the proxy's.
    func answer(_ head: inout RelayedHead, to memory: Memory) {
        let own = target.description
        for name in ["location", "content-location"] {
            head.edit(name) { value in replacing(own, by: memory.proxyOrigin, in: value) }
        }
        if let origin = memory.replacedOrigin {
            head.edit("access-control-allow-origin") { $0.lowercased() == own ? origin : nil }
        }
        let cookies = CookieRewriting(host: target.host, isSecure: target.isSecure)
        head.edit("set-cookie") { cookies.rewritten($0) }
    }

    /// An address with another origin; nil where it is not of the old one.
    private func replacing(_ old: String, by new: String, in address: String) -> String? {
        // Scheme and host are the same in any case of letters, and a port that is the scheme's own may be written.
        let start = address.prefix { $0 != ":" }
        let schemeless = address.hasPrefix("//")
        guard schemeless || address.dropFirst(start.count).hasPrefix("://") else { return nil }
        let scheme = schemeless ? String(old.prefix { $0 != ":" }) : start.lowercased()
        let rest = schemeless ? address.dropFirst(2) : address.dropFirst(start.count + 3)
        var authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }.lowercased()
        let path = rest.dropFirst(authority.count)
        let usual = scheme == "https" ? ":443" : ":80"
        if authority.hasSuffix(usual) { authority.removeLast(usual.count) }
        return "\(scheme)://\(authority)" == old.lowercased() ? new + path : nil
    }
}

/// Which `Host` headers the dashboard answers.
///
/// A page of some other site can make a browser take that site's name for an address of this machine (DNS rebinding), and
/// could then read what stands here. So whoever listens on this machine alone answers to its names alone.
struct HostRule: Hashable, Sendable {
    /// Whether only this machine can reach it.
    let isLoopback: Bool

    /// - Parameter hosts: all `Host` headers of a request.
    func allows(_ hosts: [String]) -> Bool {
        guard hosts.count == 1, let host = hosts.first, !host.isEmpty else { return false }
        return !isLoopback || Self.isLoopbackName(Self.name(host))
    }

    /// Without the port, and without the dot that says that a name is whole.
    private static func name(_ host: String) -> String {
        let host = host.lowercased()
        if host.hasPrefix("[") { return host.firstIndex(of: "]").map { String(host[...$0]) } ?? host }
        let name = host.prefix { $0 != ":" }
        return String(name.hasSuffix(".") ? name.dropLast() : name)
    }

    private static func isLoopbackName(_ name: String) -> Bool {
        if name == "localhost" || name == "[::1]" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { UInt8($0) != nil && $0.allSatisfy(\.isNumber) }
    }
}

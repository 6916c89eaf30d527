import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// From a host's name to its addresses.
enum NameLookup {
    /// A name without an address, and what the system says of it.
    struct Failure: Error, Hashable, CustomStringConvertible {
        var host: String
        var reason: String
        var description: String { "the host \(host) has no address: \(reason)" }
    }

    /// All addresses of a host, in the order of the system's preference: getaddrinfo(3), RFC 6724.
    ///
    /// Blocks until the system knows.
    ///
    /// - Parameter isNumeric: The host is an address; no server is asked.
    static func addresses(of host: String, port: Int, isNumeric: Bool = false) throws(Failure) -> [SocketAddress] {
        var hints = addrinfo()
        if isNumeric { hints.ai_flags = AI_NUMERICHOST }
        #if os(Linux)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { throw Failure(host: host, reason: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let address = entry.ai_addr else { continue }
            switch entry.ai_family {
            case AF_INET:
                let place = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self)
                addresses.append(SocketAddress(place, host: host))
            case AF_INET6:
                let place = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self)
                addresses.append(SocketAddress(place, host: host))
            default:
                break
            }
        }
        guard !addresses.isEmpty else { throw Failure(host: host, reason: "no IPv4 or IPv6 address") }
        return addresses
    }
}

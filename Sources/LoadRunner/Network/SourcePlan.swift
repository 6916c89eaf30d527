import NIOCore
import Scenarios

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Which addresses the connections of a run come from: those that were given, or those that its size asks for.
struct SourcePlan {
    let addresses: SourceAddresses
    /// What a report has to say about it.
    let notes: [String]

    /// - Throws: `RunError` for an address that is not this machine's.
    init(_ given: SourceAddresses, _ destinations: [Destination], _ load: Load) throws(RunError) {
        guard given == .automatic else {
            for address in given.all { try Self.check(address) }
            addresses = given
            notes = []
            return
        }
        let count =
            destinations.contains(where: Self.isLocal)
            ? Self.loopbackAddresses(for: load.peakClients, ports: PortRange.count) : 1
        guard count > 1 else {
            addresses = .automatic
            notes = []
            return
        }
        addresses = .loopback(count)
        notes = [
            "connections to this machine came from \(count) addresses, 127.0.0.1 to \(addresses.all.last?.ipAddress ?? "…"), "
                + "for one has no more than \(PortRange.count) ports (`--source-ips` gives others)"
        ]
    }

    /// How many addresses so many clients need; 1 where the system's choice will do.
    ///
    /// Once there have to be several, each is filled to three quarters, since ports of connections that were closed
    /// cannot be used again at once.
    static func loopbackAddresses(for peak: Int, ports: Int) -> Int {
        #if os(Linux)
            guard ports > 3, peak > ports - ports / 100 else { return 1 }
            let each = ports * 3 / 4
            return min((peak - 1) / each + 1, 250)
        #else
            // Elsewhere only 127.0.0.1 is this machine's by itself.
            return 1
        #endif
    }

    /// Whether connections go to 127.0.0.0/8, as far as is known before the run.
    private static func isLocal(_ destination: Destination) -> Bool {
        guard let addresses = destination.addresses else {
            return destination.host == "localhost" || IPAddress(destination.host)?.isLoopbackV4 ?? false
        }
        return addresses.contains { $0.ipAddress.flatMap { IPAddress($0) }?.isLoopbackV4 ?? false }
    }

    /// Binds a socket to the address.
    private static func check(_ address: SocketAddress) throws(RunError) {
        #if canImport(Glibc)
            let type = Int32(SOCK_STREAM.rawValue)
        #else
            let type = SOCK_STREAM
        #endif
        let descriptor = socket(address.protocol == .inet6 ? AF_INET6 : AF_INET, type, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let failed = address.withSockAddr { pointer, size in bind(descriptor, pointer, socklen_t(size)) != 0 }
        guard failed else { return }
        let reason = String(cString: strerror(errno))
        throw RunError(
            .sourceAddress,
            "connections cannot come from \(address.ipAddress ?? "\(address)"), which is no address of this machine; "
                + "check --source-ips",
            cause: NameLookup.Failure(host: address.ipAddress ?? "", reason: reason)
        )
    }
}

import NIOCore

/// The addresses of this machine that connections come from.
///
/// One address has about 28,000 ports for each address and port of a server: more connections need more addresses.
package struct SourceAddresses: Hashable, Sendable {
    /// What is wrong with a list, in a sentence.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        package var description: String
    }

    /// More than this many are hardly meant.
    static let limit = 4096

    private let v4: [SocketAddress]
    private let v6: [SocketAddress]

    /// The system chooses.
    package static let automatic = SourceAddresses([])

    init(_ addresses: [SocketAddress]) {
        v4 = addresses.filter { $0.protocol == .inet }
        v6 = addresses.filter { $0.protocol == .inet6 }
    }

    /// Reads `127.0.0.2-127.0.0.9, 10.0.0.0/28, fe80::1%eth0`: addresses, ranges and networks.
    package init(parsing list: String) throws(Problem) {
        var addresses: [SocketAddress] = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            let word = part.drop { $0 == " " }
            let text = String(word.prefix { $0 != " " })
            guard !text.isEmpty, word.dropFirst(text.count).allSatisfy({ $0 == " " }) else {
                throw Problem(description: "\"\(part)\" is no IP address; write a list such as 10.0.0.5,10.0.0.6")
            }
            addresses += try Self.addresses(text)
            guard addresses.count <= Self.limit else {
                throw Problem(description: "\(text) makes more than \(Self.limit) source addresses")
            }
        }
        self.init(addresses)
    }

    var all: [SocketAddress] { v4 + v6 }

    func addresses(for family: NIOBSDSocket.ProtocolFamily) -> [SocketAddress] {
        switch family {
        case .inet: v4
        case .inet6: v6
        default: []
        }
    }
}

extension SourceAddresses {
    /// So many addresses of the machine itself: 127.0.0.1, 127.0.0.2 …
    static func loopback(_ count: Int) -> SourceAddresses {
        SourceAddresses((1...max(1, count)).compactMap { socket(IPAddress(.v4, 0x7F00_0000 + UInt128($0))) })
    }

    private static func addresses(_ text: String) throws(Problem) -> [SocketAddress] {
        if text.contains("/") { return try network(text) }
        if text.contains("-") { return try range(text) }
        if text.contains("%") {
            // A link-local address with its interface, which only the system can read.
            guard let addresses = try? NameLookup.addresses(of: text, port: 0, isNumeric: true) else {
                throw Problem(description: "\(text) is no IPv6 address with an interface of this machine")
            }
            return addresses
        }
        return [try single(text)].compactMap(socket)
    }

    private static func single(_ text: some StringProtocol) throws(Problem) -> IPAddress {
        guard let address = IPAddress(text) else {
            throw Problem(description: "\"\(text)\" is no IP address; write a list such as 10.0.0.5,10.0.0.6")
        }
        return address
    }

    private static func range(_ text: String) throws(Problem) -> [SocketAddress] {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else {
            throw Problem(description: "\"\(text)\" is no range; write 10.0.0.5-10.0.0.9")
        }
        let first = try single(ends[0])
        let last = try single(ends[1])
        guard first.family == last.family, first.value <= last.value else {
            throw Problem(description: "the range \(text) does not run from a lower address to a higher one")
        }
        return try addresses(from: first.value, through: last.value, first.family, text)
    }

    private static func network(_ text: String) throws(Problem) -> [SocketAddress] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let prefix = Int(parts[1]) else {
            throw Problem(description: "\"\(text)\" is no network; write 10.0.0.0/28")
        }
        let base = try single(parts[0])
        guard (0...base.family.bits).contains(prefix) else {
            throw Problem(description: "the prefix of \(text) is from 0 to \(base.family.bits)")
        }
        let hostBits = base.family.bits - prefix
        guard hostBits <= 16 else {
            throw Problem(description: "\(text) makes more than \(limit) source addresses")
        }
        let mask = (UInt128(1) << UInt128(hostBits)) - 1
        let lowest = base.value & ~mask
        // The first and the last address of an IPv4 network stand for the network and for everybody in it.
        let isWithEnds = base.family == .v6 || hostBits < 2
        return try addresses(
            from: isWithEnds ? lowest : lowest + 1,
            through: isWithEnds ? lowest + mask : lowest + mask - 1,
            base.family,
            text
        )
    }

    private static func addresses(
        from first: UInt128,
        through last: UInt128,
        _ family: IPAddress.Family,
        _ text: String
    ) throws(Problem) -> [SocketAddress] {
        guard last - first < UInt128(limit) else {
            throw Problem(description: "\(text) makes more than \(limit) source addresses")
        }
        return (first...last).compactMap { socket(IPAddress(family, $0)) }
    }

    /// With port 0: the system gives one.
    private static func socket(_ address: IPAddress) -> SocketAddress? {
        try? SocketAddress(ipAddress: address.description, port: 0)
    }
}

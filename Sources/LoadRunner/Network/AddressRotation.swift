import NIOCore

/// Takes the addresses of a host in turn, and lets those rest that turned a connection down.
struct AddressRotation {
    /// How long an address rests that did not take a connection.
    static let rest = TimeAmount.seconds(1)

    private var turn: Int
    private var resting: [SocketAddress: NIODeadline] = [:]

    /// - Parameter first: Where to begin, so that workers do not all begin with the same address.
    init(first: Int) {
        turn = first
    }

    /// The addresses in the order in which to try them: those that rest come last.
    mutating func order(_ addresses: [SocketAddress], at now: NIODeadline) -> [SocketAddress] {
        guard addresses.count > 1 else { return addresses }
        defer { turn = turn == .max ? 0 : turn + 1 }
        if resting.isEmpty { return Self.rotated(addresses, by: turn) }
        var awake: [SocketAddress] = []
        var asleep: [SocketAddress] = []
        for address in addresses {
            if let until = resting[address], now < until {
                asleep.append(address)
            } else {
                resting[address] = nil
                awake.append(address)
            }
        }
        return Self.rotated(awake, by: turn) + Self.rotated(asleep, by: turn)
    }

    /// The address did not take a connection.
    mutating func failed(_ address: SocketAddress, at now: NIODeadline) {
        resting[address] = now + Self.rest
    }

    private static func rotated(_ addresses: [SocketAddress], by turn: Int) -> [SocketAddress] {
        guard addresses.count > 1 else { return addresses }
        let first = turn % addresses.count
        return Array(addresses[first...] + addresses[..<first])
    }
}

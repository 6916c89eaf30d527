import NIOCore

/// Takes the addresses that connections come from in turn, for each address that they go to.
struct SourceRotation {
    private let sources: SourceAddresses
    private let first: Int
    /// By the address of the server: one turn for all of them would pair sources and servers one to one.
    private var turns: [SocketAddress: Int] = [:]

    /// - Parameter first: Where to begin, so that workers do not all begin with the same address.
    init(_ sources: SourceAddresses, first: Int) {
        self.sources = sources
        self.first = first
    }

    /// Where the next connection to this address comes from; nil: the system chooses.
    mutating func next(to address: SocketAddress) -> SocketAddress? {
        let list = sources.addresses(for: address.protocol)
        guard list.count > 1 else { return list.first }
        let turn = turns[address, default: first]
        turns[address] = turn == .max ? 0 : turn + 1
        return list[turn % list.count]
    }

    /// The same one as another connection of the session had; nil: the system chooses.
    func same(as source: SocketAddress?) -> SocketAddress? {
        guard let source else { return nil }
        return sources.addresses(for: source.protocol).first { $0.ipAddress == source.ipAddress }
    }
}

import NIOCore
import Scenarios

/// How the connections of a run are made: what all workers share, ready before the first client starts.
struct NetworkPlan: Sendable {
    /// One per group.
    let destinations: [Destination]
    let sources: SourceAddresses
    let resolver: NameResolver
    private let contexts: TLSContexts

    init(
        destinations: [Destination],
        sources: SourceAddresses = .automatic,
        resolver: NameResolver = NameResolver(),
        contexts: TLSContexts = TLSContexts()
    ) {
        self.destinations = destinations
        self.sources = sources
        self.resolver = resolver
        self.contexts = contexts
    }

    /// Where a request goes that names a URL of its own: with the system's certificates, and a name that is looked up
    /// before each connection.
    func destination(for place: HTTPPlace) throws -> Destination {
        let url = ServerURL(isSecure: place.isSecure, host: place.host, port: place.port)
        guard place.isSecure else { return Destination(url, addresses: nil) }
        let context = try contexts.context(for: nil)
        return Destination(url, addresses: nil, tls: TLSClient(context: context, host: Destination.host(url)))
    }
}

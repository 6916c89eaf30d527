import NIOCore
import Scenarios

/// From the targets that a scenario names to the network that its clients connect through.
struct TargetResolver {
    /// Where the clients go, and how to end what was started for them.
    struct Targets: Sendable {
        var network: NetworkPlan
        /// One per group, in words.
        var shown: [String]
        /// The first group's.
        var first: ServerURL
        /// The process of the first practice server that was started, where it is one of its own.
        var practiceProcess: Int32?
        /// What a report has to say about the network.
        var notes: [String]
        var stop: @Sendable () async -> Void
    }

    private let scenario: Scenario
    private let configuration: RunConfiguration
    private let resolver: NameResolver
    private let contexts = TLSContexts()
    private var started: [Target.Location: StartedTarget] = [:]
    private var practiceProcess: Int32?
    private var lookups: [ServerURL: (addresses: [SocketAddress], time: TimeAmount)] = [:]

    /// Starts the practice servers that are asked for, each once, looks up the names of the others, reads certificates,
    /// and makes sure of the source addresses.
    ///
    /// - Throws: `RunError` for what would keep every client from connecting.
    static func resolve(_ scenario: Scenario, _ configuration: RunConfiguration) async throws -> Targets {
        let lookup = configuration.lookup
        let resolver = lookup.map { NameResolver($0) } ?? NameResolver()
        var resolution = TargetResolver(scenario, configuration, resolver)
        do {
            return try await resolution.targets()
        } catch {
            await resolution.stop()
            throw error
        }
    }

    private init(_ scenario: Scenario, _ configuration: RunConfiguration, _ resolver: NameResolver) {
        self.scenario = scenario
        self.configuration = configuration
        self.resolver = resolver
    }

    private mutating func targets() async throws -> Targets {
        var destinations: [Destination] = []
        var shown: [String] = []
        var urls: [ServerURL] = []
        for group in scenario.groups {
            switch group.target.location {
            case .practice(let system, let faults):
                let target = try await start(group.target.location, system, faults)
                destinations.append(try await destination(target.url, group.target))
                shown.append("\(group.target.shownURL) (\(target.url))")
                urls.append(target.url)
                practiceProcess = practiceProcess ?? target.processID
            case .server(let url):
                destinations.append(try await destination(url, group.target))
                shown.append(group.target.shownURL)
                urls.append(url)
            }
        }
        if scenario.requestsOtherHostsByTLS { _ = try contexts.context(for: nil) }
        let sources = try SourcePlan(configuration.sourceAddresses, destinations, scenario.load)
        let resolution = self
        return Targets(
            network: NetworkPlan(
                destinations: destinations,
                sources: sources.addresses,
                resolver: resolver,
                contexts: contexts
            ),
            shown: shown,
            first: urls.first ?? ServerURL(isSecure: false, host: "localhost", port: 80),
            practiceProcess: practiceProcess,
            notes: sources.notes,
            stop: { await resolution.stop() }
        )
    }

    private func stop() async {
        for target in started.values { await target.stop() }
        await resolver.stop()
    }

    private mutating func start(
        _ location: Target.Location,
        _ system: String,
        _ faults: [String]
    ) async throws -> StartedTarget {
        if let target = started[location] { return target }
        let target = try await configuration.startPractice(system, faults)
        started[location] = target
        return target
    }

    private mutating func destination(_ url: ServerURL, _ target: Target) async throws -> Destination {
        let found = target.dns == .once ? try await lookUp(url) : nil
        return Destination(
            url,
            addresses: found?.addresses,
            lookupTime: found?.time,
            tls: url.isSecure ? try client(url, target.tls) : nil,
            tcp: target.tcp,
            outboundLimit: target.outbound.limit
        )
    }

    private mutating func lookUp(_ url: ServerURL) async throws -> (addresses: [SocketAddress], time: TimeAmount) {
        if let found = lookups[url] { return found }
        let begin = NIODeadline.now()
        do {
            let addresses = try await resolver.addresses(of: Destination.host(url), port: url.port)
            let found = (addresses, NIODeadline.now() - begin)
            lookups[url] = found
            return found
        } catch {
            throw RunError(
                .unknownHost,
                "the host \(url.host) has no address; check the name in target.url, or give another with --target",
                cause: error
            )
        }
    }

    private func client(_ url: ServerURL, _ tls: TLS) throws -> TLSClient {
        if let name = tls.serverName, IPAddress(name) != nil, name != url.host {
            let message = "`tls.serverName: \(name)` is an address; an address is verified by itself, so leave it out"
            throw RunError(.tls, message)
        }
        return TLSClient(
            context: try contexts.context(for: tls),
            host: Destination.host(url),
            serverName: tls.serverName,
            hasCertificate: tls.certificate != nil
        )
    }
}

extension Scenario {
    /// Some request goes to an `https://` URL of its own, as far as can be seen before the run; one that shows only
    /// then has the system's certificates read in between.
    fileprivate var requestsOtherHostsByTLS: Bool {
        var found = false
        for group in groups {
            var values = ClientValues(
                slotCount: group.slotCount,
                random: ClientRandom(seed: 0, slot: 0, generation: 0, stream: 0),
                clientIndex: 0
            )
            group.forEachStep { step in
                guard case .http(let request) = step.action else { return }
                let place = HTTPPlace(request.path.text(&values, event: nil), group: 0, authority: "")
                if let place, place.isSecure { found = true }
            }
        }
        return found
    }
}

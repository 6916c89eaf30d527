import Scenarios

/// From the targets that a scenario names to addresses.
enum TargetResolver {
    /// Where the clients go, and how to end what was started for them.
    struct Targets: Sendable {
        /// One per group.
        var destinations: [Dialer.Destination]
        /// One per group, in words.
        var shown: [String]
        var stop: @Sendable () async -> Void
    }

    /// Starts the practice servers that are asked for, each once, and looks up the names of the others, once.
    static func resolve(
        _ scenario: Scenario,
        _ startPractice: @Sendable (String, [String]) async throws -> StartedTarget
    ) async throws -> Targets {
        var started: [Target.Location: StartedTarget] = [:]
        var destinations: [Dialer.Destination] = []
        var shown: [String] = []
        do {
            for group in scenario.groups {
                let location = group.target.location
                switch location {
                case .practice(let system, let faults):
                    if started[location] == nil { started[location] = try await startPractice(system, faults) }
                    guard let target = started[location] else { continue }
                    destinations.append(try resolve(target.url))
                    shown.append("\(group.target.shownURL) (\(target.url))")
                case .server(let url):
                    destinations.append(try resolve(url))
                    shown.append(group.target.shownURL)
                }
            }
        } catch {
            for target in started.values { await target.stop() }
            throw error
        }
        let all = Array(started.values)
        return Targets(destinations: destinations, shown: shown) {
            for target in all { await target.stop() }
        }
    }

    private static func resolve(_ url: ServerURL) throws -> Dialer.Destination {
        let text = String(url.description.drop { $0 != ":" }.dropFirst(3))
        do {
            let addresses = try NameLookup.addresses(of: url.host, port: url.port)
            return Dialer.Destination(authority: text, addresses: addresses)
        } catch {
            throw RunError(
                .unknownHost,
                "the host \(url.host) has no address; check the name in target.url, or give another with --target",
                cause: error
            )
        }
    }
}

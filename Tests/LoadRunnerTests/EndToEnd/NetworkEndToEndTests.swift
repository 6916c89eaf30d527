import NIOCore
import Scenarios
import Synchronization
import Testing

@testable import LoadRunner

@Suite("Names and addresses of a run", .serialized, .timeLimit(.minutes(1)))
struct NetworkEndToEndTests {
    /// Eight clients, whom nobody replaces.
    private static let eight = "load: [ { for: 100ms, arrivals: 80/s } ]\ngrace: 5s\n"

    private static func atName(_ name: String, _ dns: Target.Resolution) -> @Sendable (inout Scenario) -> Void {
        { scenario in
            for group in scenario.groups.indices {
                guard case .server(var url) = scenario.groups[group].target.location else { continue }
                url.host = name
                scenario.groups[group].target.location = .server(url)
                scenario.groups[group].target.dns = dns
            }
        }
    }

    private static func loopback(_ ports: [Int]) throws -> [SocketAddress] {
        try ports.map { try SocketAddress(ipAddress: "127.0.0.1", port: $0) }
    }

    @Test("Clients are spread over all addresses of a name", arguments: [Target.Resolution.once, .connect])
    func spread(dns: Target.Resolution) async throws {
        let lookups = Mutex<[String]>([])
        try await FakeServer.run { first in
            try await FakeServer.run { second in
                let ports = [first.port, second.port]
                let run = try await EngineRun.run(
                    first,
                    Self.eight + "flow: [ connect ]",
                    change: Self.atName("many.example", dns),
                    configure: {
                        $0.lookup = { host, port in
                            lookups.withLock { $0.append(host) }
                            return try Self.loopback(ports)
                        }
                    }
                )
                #expect(run.errors == [:])
                #expect(first.connectionCount == 4)
                #expect(second.connectionCount == 4)
                #expect(first.requests.allSatisfy { $0.headers["host"] == "many.example:\(first.port)" })
                #expect(run.times("connect.tcp") == 8)
                // Once before the run, or once for each connection.
                #expect(run.times("connect.dns") == (dns == .once ? 1 : 8))
                #expect(lookups.withLock { $0 } == Array(repeating: "many.example", count: dns == .once ? 1 : 8))
            }
        }
    }

    @Test("Workers do not begin with the same address")
    func workers() async throws {
        try await FakeServer.run { first in
            try await FakeServer.run { second in
                let ports = [first.port, second.port]
                let run = try await EngineRun.run(
                    first,
                    "load: [ { for: 100ms, arrivals: 20/s } ]\ngrace: 5s\nflow: [ connect ]",
                    threads: 2,
                    change: Self.atName("many.example", .once),
                    configure: { $0.lookup = { _, _ in try Self.loopback(ports) } }
                )
                #expect(run.errors == [:])
                #expect(first.connectionCount == 1)
                #expect(second.connectionCount == 1)
            }
        }
    }

    @Test("A client whose address refuses takes the next; the others leave it alone for a while")
    func refusing() async throws {
        try await FakeServer.run { closed in
            try await closed.stopListening()
            try await FakeServer.run { server in
                let ports = [closed.port, server.port]
                let run = try await EngineRun.run(
                    server,
                    Self.eight + "flow: [ connect ]",
                    change: Self.atName("many.example", .once),
                    configure: { $0.lookup = { _, _ in try Self.loopback(ports) } }
                )
                #expect(run.errors == [:])
                #expect(server.connectionCount == 8)
                #expect(run.times("connect.tcp") == 8)
            }
        }
    }

    @Test("Where all addresses refuse the client is refused, once")
    func allRefuse() async throws {
        try await FakeServer.run { closed in
            try await closed.stopListening()
            let port = closed.port
            let run = try await EngineRun.run(
                closed,
                "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 5s\nflow: [ connect ]",
                change: Self.atName("many.example", .once),
                configure: {
                    $0.lookup = { _, _ in
                        try Self.loopback([port]) + [try SocketAddress(ipAddress: "127.0.0.2", port: port)]
                    }
                }
            )
            #expect(run.errors == ["refused": 1])
        }
    }

    @Test("A name that is not known when a client connects fails the client")
    func unknownName() async throws {
        try await FakeServer.run { server in
            let run = try await EngineRun.run(
                server,
                Self.eight + "flow: [ connect ]",
                change: Self.atName("nowhere.example", .connect),
                configure: { $0.lookup = { host, _ in throw NameLookup.Failure(host: host, reason: "not known") } }
            )
            #expect(run.errors == ["dns": 8])
            #expect(run.examples.first?.contains("the host nowhere.example has no address: not known") == true)
            #expect(run.count("connect.failed") == 8)
            #expect(server.connectionCount == 0)
        }
    }

    @Test("A name that is not known before the run keeps it from beginning")
    func unknownTarget() async throws {
        try await FakeServer.run { server in
            let error = await #expect(throws: RunError.self) {
                try await EngineRun.run(
                    server,
                    Self.eight + "flow: [ connect ]",
                    change: Self.atName("nowhere.example", .once),
                    configure: { $0.lookup = { host, _ in throw NameLookup.Failure(host: host, reason: "not known") } }
                )
            }
            #expect(error?.code == .unknownHost)
            #expect(error?.message.contains("nowhere.example") == true)
        }
    }

    /// Whether ::1 is this machine's.
    private static var hasIPv6: Bool {
        let loopback = try? SourceAddresses(parsing: "::1")
        return loopback.map { (try? SourcePlan($0, [], Load(phases: []))) != nil } ?? false
    }

    @Test("A target is reached by IPv6, with its brackets in the Host header", .enabled(if: hasIPv6))
    func ipv6() async throws {
        try await FakeServer.run(host: "::1") { server in
            let run = try await EngineRun.run(
                server,
                Self.eight + "flow: [ connect ]",
                change: Self.atName("::1", .once)
            )
            #expect(run.errors == [:])
            #expect(server.requests.first?.headers["host"] == "[::1]:\(server.port)")
        }
    }

    #if os(Linux)
        @Test("Connections and requests come from all source addresses in turn")
        func sources() async throws {
            let seen = Mutex<[String: Int]>([:])
            var script = FakeServer.Script()
            script.accepted = { peer in seen.withLock { $0[peer.clientAddress ?? "", default: 0] += 1 } }
            let sources = try SourceAddresses(parsing: "127.0.0.2-127.0.0.3")
            try await FakeServer.run(script) { server in
                let run = try await EngineRun.run(
                    server,
                    Self.eight + "flow: [ connect ]",
                    configure: { $0.sourceAddresses = sources }
                )
                #expect(run.errors == [:])
                #expect(seen.withLock { $0 } == ["127.0.0.2": 4, "127.0.0.3": 4])
                let requests = try await EngineRun.run(
                    server,
                    Self.eight + "flow: [ http: GET /, think: 300ms ]",
                    configure: { $0.sourceAddresses = sources }
                )
                #expect(requests.errors == [:])
                #expect(Set(seen.withLock { $0.keys }) == ["127.0.0.2", "127.0.0.3"])
            }
        }
    #endif

    @Test("What the network has to say stands in the notes of the run")
    func notes() async throws {
        try await FakeServer.run { server in
            var result = try await EngineRun.run(server, Self.eight + "flow: [ connect ]").result
            #expect(result.networkNotes == [])
            result.networkNotes = ["connections came from 2 addresses"]
            let notes = RunNotes.notes(on: result, of: HandMadeScenario.scenario([]))
            #expect(notes.first == "connections came from 2 addresses")
        }
    }

    @Test("A source address that is not this machine's keeps the run from beginning")
    func foreignSource() async throws {
        try await FakeServer.run { server in
            let sources = try SourceAddresses(parsing: "203.0.113.9")
            let error = await #expect(throws: RunError.self) {
                try await EngineRun.run(
                    server,
                    Self.eight + "flow: [ connect ]",
                    configure: { $0.sourceAddresses = sources }
                )
            }
            #expect(error?.code == .sourceAddress)
            #expect(server.connectionCount == 0)
        }
    }
}

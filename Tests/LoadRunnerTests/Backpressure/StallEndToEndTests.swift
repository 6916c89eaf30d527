import Metrics
import NIOCore
import Synchronization
import Testing

@testable import LoadRunner
@testable import Scenarios

@Suite("Clients that do not read", .serialized, .timeLimit(.minutes(1)))
struct StallEndToEndTests {
    /// One client, whom nobody replaces and who does not come back.
    private static let one = "load: [ { for: 50ms, arrivals: 20/s } ]\ngrace: 30s\nreconnect: none\n"
    private static let more = FakePeer.frame(1, Array(#"42["more",{}]"#.utf8))
    private static let big = FakePeer.frame(
        1,
        Array((#"42["more",""# + String(repeating: "x", count: 50_000) + #""]"#).utf8)
    )

    /// The peer of the first connection.
    private final class Peer: Sendable {
        private let peer = Mutex<FakePeer?>(nil)

        func keep(_ peer: FakePeer) { self.peer.withLock { if $0 == nil { $0 = peer } } }

        func act(_ action: @escaping @Sendable (FakePeer) -> Void) {
            peer.withLock { $0 }?.after(.zero, action)
        }
    }

    private func script(_ peer: Peer) -> FakeServer.Script {
        var script = FakeServer.Script()
        script.connect = { connected in
            peer.keep(connected)
            connected.sendText(#"40{"sid":"s"}"#)
        }
        return script
    }

    /// Runs one client that counts what comes.
    private func run(
        _ script: FakeServer.Script,
        isSecure: Bool = false,
        load: String = one,
        flow: String = "flow: [ connect, { await: end }, { think: 1h } ]",
        target: String = "",
        _ body: @Sendable (FakeServer, WorkerRun) async throws -> Void
    ) async throws -> RunTotals {
        try await FakeServer.run(script, tls: isSecure ? try Certificates.server() : nil) { server in
            try await WorkerRun.run(
                server,
                load + "on: { more: [ { count: more } ] }\n" + flow,
                target: target,
                isSecure: isSecure
            ) { try await body(server, $0) }
        }
    }

    private func errors(_ totals: RunTotals) -> [String: Int] {
        Dictionary(totals.overall.errors.map { ($0.kind, $0.count) }, uniquingKeysWith: +)
    }

    private static func isWaiting(_ client: VirtualClient) -> Bool {
        if case .event = client.waiting { true } else { false }
    }

    @Test("What the server pushed is what the client has not read, to the byte", arguments: [false, true])
    func backlog(isSecure: Bool) async throws {
        let peer = Peer()
        let totals = try await run(script(peer), isSecure: isSecure) { server, run in
            try await run.onLoop { $0.stalls.silence = .zero }
            try await run.untilClient(Self.isWaiting)
            try await run.onClient { $0.stall(Stall(duration: .milliseconds(300), rate: nil), at: $1) }
            peer.act { peer in for _ in 0..<10 { peer.push(Self.more) } }
            await server.until { FakeServer.pushed($0) == 10 * Self.more.count }
            try await run.untilClient { $0.connection?.stalled?.isStalled != true }
            peer.act { $0.sendEvent("end") }
            try await run.untilClient { $0.connection?.stalled == nil && !Self.isWaiting($0) }
        }
        let backlog = try #require(totals.histogram("stall.backlog"))
        #expect(backlog.count == 1)
        if isSecure {
            // Each write is a record of its own.
            #expect(backlog.max > 10 * Self.more.count && backlog.max < 10 * (Self.more.count + 50))
        } else {
            #expect(backlog.max == 10 * Self.more.count)
        }
        #expect(totals.count("more") == 10)
        #expect(totals.histogram("stall.drain")?.count == 1)
        #expect(totals.count("stall.closed") == 0)
        #expect(totals.count("stall.silent") == 0)
        #expect(errors(totals) == [:])
    }

    @Test("A client that does not read is felt by the server, and gets everything when it reads again")
    func blocks() async throws {
        let peer = Peer()
        let totals = try await run(script(peer), flow: "flow: [ connect, { await: end }, { stall: 1s } ]") {
            server,
            run in
            try await run.untilClient(Self.isWaiting)
            try await run.onClient { $0.stall(Stall(duration: .milliseconds(500), rate: nil), at: $1) }
            peer.act { peer in
                for _ in 0..<400 { peer.push(Self.big) }
                peer.sendEvent("end")
            }
            try await run.untilClient { $0.connection?.stalled?.isStalled != true }
            // The receive buffer is small, for the group has a step that stalls; the server's own is its own affair.
            #expect(server.pushedBytes < 400 * Self.big.count)
            try await run.untilClient { !Self.isWaiting($0) }
        }
        let backlog = try #require(totals.histogram("stall.backlog"))
        #expect(backlog.max > 0 && backlog.max <= 2 * ReceiveBuffer.small)
        #expect(totals.count("more") == 400)
        #expect(errors(totals) == [:])
    }

    @Test("A target's own receive buffer is not made smaller")
    func ownBuffer() async throws {
        let peer = Peer()
        let totals = try await run(
            script(peer),
            flow: "flow: [ connect, { await: end }, { stall: 1s } ]",
            target: "tcp: { receiveBuffer: 400KB }"
        ) { server, run in
            try await run.untilClient(Self.isWaiting)
            try await run.onClient { $0.stall(Stall(duration: .milliseconds(300), rate: nil), at: $1) }
            peer.act { peer in for _ in 0..<2 { peer.push(Self.big) } }
            await server.until { FakeServer.pushed($0) == 2 * Self.big.count }
            try await run.untilClient { $0.connection?.stalled?.isStalled != true }
        }
        #expect(totals.histogram("stall.backlog")?.max == 2 * Self.big.count)
    }

    @Test("A slow reader reads at its rate, and as fast as ever afterwards", arguments: [false, true])
    func slow(isSecure: Bool) async throws {
        let peer = Peer()
        let totals = try await run(script(peer), isSecure: isSecure) { server, run in
            try await run.untilClient(Self.isWaiting)
            let usual = try await run.onClient { client, _ in Self.options(client) }
            try await run.onClient { $0.stall(Stall(duration: .milliseconds(600), rate: 20_000), at: $1) }
            peer.act { peer in
                peer.push(Self.big)
                peer.push(Self.more)
                peer.sendEvent("end")
            }
            try await run.untilClient { $0.connection?.stalled?.isStalled != true }
            try await run.untilClient { !Self.isWaiting($0) }
            let after = try await run.onClient { client, _ in Self.options(client) }
            #expect(after == usual)
        }
        let backlog = try #require(totals.histogram("stall.backlog"))
        // What 20 KB/s leave of 50 KB: it is the rate, and no time, that is looked at.
        #expect(backlog.max > 30_000 && backlog.max < 50_000)
        #expect(totals.count("more") == 2)
        #expect(errors(totals) == [:])
    }

    private static func options(_ client: VirtualClient) -> [String] {
        guard let options = client.connection?.inbound?.syncOptions,
            let autoRead = try? options.getOption(.autoRead),
            let messages = try? options.getOption(.maxMessagesPerRead),
            let allocator = try? options.getOption(.recvAllocator)
        else { return [] }
        return ["\(autoRead)", "\(messages)", "\(type(of: allocator))"]
    }

    @Test(
        "A server that ends the connection meanwhile is heard at once, with what it said before",
        arguments: [false, true]
    )
    func closed(isSecure: Bool) async throws {
        let peer = Peer()
        let totals = try await run(
            script(peer),
            isSecure: isSecure,
            flow: "flow: [ connect, { await: closed, where: { code: 1008 }, measure: ended }, { think: 1h } ]"
        ) { server, run in
            try await run.untilClient(Self.isWaiting)
            try await run.onClient { $0.stall(Stall(duration: .seconds(3600), rate: nil), at: $1) }
            peer.act { peer in
                for _ in 0..<10 { peer.push(Self.more) }
                peer.sendClose(1008, "slow")
                if isSecure { peer.closeUncleanly() } else { peer.close() }
            }
            try await run.untilClient { $0.connection == nil }
        }
        #expect(totals.count("ended.count") == 1)
        #expect(totals.count("more") == 10)
        #expect(totals.count("stall.closed") == 1)
        #expect(totals.histogram("stall.cut_off")?.count == 1)
        let backlog = try #require(totals.histogram("stall.backlog"))
        #expect(backlog.count == 1)
        #expect(backlog.max >= 10 * Self.more.count)
        #expect(totals.histogram("stall.drain")?.count ?? 0 == 0)
        #expect(errors(totals) == [:])
    }

    @Test("So is one that resets it")
    func resetByServer() async throws {
        let peer = Peer()
        let totals = try await run(
            script(peer),
            flow: "flow: [ connect, { await: closed, where: { code: 1006 }, measure: ended }, { think: 1h } ]"
        ) { server, run in
            try await run.untilClient(Self.isWaiting)
            try await run.onClient { $0.stall(Stall(duration: .seconds(3600), rate: nil), at: $1) }
            peer.act { $0.reset() }
            try await run.untilClient { $0.connection == nil }
        }
        #expect(totals.count("ended.count") == 1)
        #expect(totals.count("stall.closed") == 1)
    }

    @Test("One that ends it as its backlog is read is counted too")
    func closedInDrain() async throws {
        let peer = Peer()
        let totals = try await run(
            script(peer),
            flow: "flow: [ connect, { await: closed, where: { code: 1008 } }, { stall: 1s } ]"
        ) { server, run in
            try await run.untilClient(Self.isWaiting)
            try await run.onClient { $0.stall(Stall(duration: .milliseconds(300), rate: nil), at: $1) }
            peer.act { peer in
                // More than the kernels take, so that the end comes only with the reading.
                for _ in 0..<400 { peer.push(Self.big) }
                peer.sendClose(1008, "slow")
            }
            try await run.untilClient { $0.connection == nil }
        }
        #expect(totals.count("more") == 400)
        #expect(totals.count("stall.closed") == 1)
        #expect(totals.histogram("stall.backlog")?.count == 1)
        #expect(totals.histogram("stall.drain")?.count ?? 0 == 0)
    }

    @Test("Where the client itself ends it nothing is counted, and it is afflicted no more")
    func endedByClient() async throws {
        let totals = try await run(script(Peer())) { server, run in
            try await run.untilClient(Self.isWaiting)
            try await run.onClient { client, now in
                client.stall(Stall(duration: .seconds(3600), rate: nil), at: now)
                client.finish(at: now)
            }
            await server.until { FakeServer.open($0) == 0 }
            #expect(server.closeCodes == [1000])
        }
        #expect(totals.count("stall.closed") == 0)
        #expect(totals.histogram("stall.backlog")?.count ?? 0 == 0)
    }

    @Test("A client is afflicted from the begin of a stall until it has caught up, and once at a time")
    func affliction() async throws {
        let peer = Peer()
        _ = try await run(script(peer)) { server, run in
            try await run.untilClient(Self.isWaiting)
            try await run.onClient { client, now in
                #expect(client.afflictions == 0)
                client.stall(Stall(duration: .milliseconds(100), rate: nil), at: now)
                client.stall(Stall(duration: .milliseconds(200), rate: 10), at: now)
                #expect(client.afflictions == 1)
            }
            peer.act { $0.push(Self.more) }
            try await run.untilClient { $0.connection?.stalled?.isStalled != true }
            try await run.untilClient { $0.afflictions == 0 }
            try await run.onClient { client, now in
                // It listens on.
                #expect(client.connection?.stalled != nil)
                client.stall(Stall(duration: .seconds(3600), rate: nil), at: now)
                #expect(client.afflictions == 1)
                let connection = client.connection
                client.leaveServer()
                #expect(connection?.stalled == nil)
                #expect(client.afflictions == 0)
            }
        }
    }

    @Test("A drop ends a stall: what was not read is not read any more", arguments: DropKind.allCases)
    func dropped(kind: DropKind) async throws {
        let peer = Peer()
        let totals = try await run(
            script(peer),
            flow: "flow: [ connect, { await: [ closed ] }, { think: 1h } ]"
        ) { server, run in
            try await run.untilClient(Self.isWaiting)
            try await run.onClient { $0.stall(Stall(duration: .seconds(3600), rate: nil), at: $1) }
            peer.act { $0.push(Self.more) }
            await server.until { FakeServer.pushed($0) == Self.more.count }
            try await run.onClient { $0.drop(kind, at: $1) }
            if kind == .vanish {
                peer.act { peer in for _ in 0..<400 { peer.push(Self.big) } }
                await server.until { FakeServer.pushed($0) == Self.more.count + 400 * Self.big.count }
            } else {
                try await run.untilClient { $0.connection == nil }
            }
        }
        #expect(totals.count("more") == 0)
        #expect(totals.count("stall.closed") == 0)
        #expect(errors(totals) == [:])
    }

    @Test("The watch over the heartbeat rests meanwhile, and is armed anew afterwards")
    func heartbeat() async throws {
        let peer = Peer()
        var script = script(peer)
        script.opened = { $0.sendOpen(pingInterval: 500, pingTimeout: 500) }
        let totals = try await run(script) { server, run in
            try await run.untilClient(Self.isWaiting)
            try await run.onClient { client, now in
                // Longer than the server may be silent.
                client.stall(Stall(duration: .milliseconds(1200), rate: nil), at: now)
                #expect(client.deadline(of: .heartbeat) == nil)
            }
            try await run.untilClient { $0.connection?.stalled?.isStalled != true }
            try await run.onClient { client, _ in
                #expect(client.deadline(of: .heartbeat) != nil)
            }
            try await run.until { $0.seats[0] == nil }
        }
        #expect(errors(totals) == ["heartbeat": 1])
        #expect(totals.count("stall.closed") == 0)
    }

    @Test("Of two stalls at a time the later end counts; one before the connection is open begins with it")
    func overlapping() async throws {
        let totals = try await run(script(Peer()), flow: "flow: [ { think: 1h } ]") { server, run in
            try await run.untilClient { if case .think = $0.waiting { true } else { false } }
            try await run.onClient { client, now in
                client.connect(at: now)
                client.stall(Stall(duration: .milliseconds(100), rate: 1), at: now)
                client.stall(Stall(duration: .seconds(3600), rate: nil), at: now)
                client.stall(Stall(duration: .milliseconds(200), rate: 1), at: now)
                #expect(client.connection?.stalled == nil)
            }
            try await run.untilClient { $0.connection?.stalled != nil }
            try await run.onClient { client, now in
                client.stall(Stall(duration: .milliseconds(100), rate: 1), at: now)
                let stalled = client.connection?.stalled
                stalled?.proceed(at: now + .seconds(3500))
                #expect(stalled?.isStalled == true)
                stalled?.proceed(at: now + .seconds(3601))
                #expect(stalled?.isStalled == false)
            }
        }
        #expect(totals.histogram("stall.backlog")?.count == 1)
    }

    @Test("A server that forgets the client while others get messages is counted once", arguments: [true, false])
    func silent(othersHear: Bool) async throws {
        let peer = Peer()
        let other = Peer()
        var script = FakeServer.Script()
        script.connect = { connected in
            (connected.number == 0 ? peer : other).keep(connected)
            connected.sendText(#"40{"sid":"s"}"#)
        }
        let totals = try await run(
            script,
            load: "load: [ { for: 100ms, arrivals: 20/s } ]\ngrace: 30s\nreconnect: none\n"
        ) { server, run in
            try await run.onLoop { $0.stalls.silence = .milliseconds(200) }
            try await run.untilClient(in: 0, Self.isWaiting)
            try await run.untilClient(in: 1, Self.isWaiting)
            let first = server.log.firstIndex(of: .connect(0, "")) ?? 0
            let second = server.log.firstIndex(of: .connect(1, "")) ?? 0
            try await run.onClient(in: first < second ? 0 : 1) {
                $0.stall(Stall(duration: .milliseconds(50), rate: nil), at: $1)
            }
            let stalled = first < second ? 0 : 1
            if othersHear {
                other.act { peer in
                    for number in 0..<100 { peer.after(.milliseconds(Int64(number) * 10)) { $0.send(Self.more) } }
                }
            }
            try await run.untilClient(in: stalled) { $0.connection?.stalled == nil }
        }
        #expect(totals.count("stall.silent") == (othersHear ? 1 : 0))
        #expect(totals.histogram("stall.drain")?.count == 1)
    }
}

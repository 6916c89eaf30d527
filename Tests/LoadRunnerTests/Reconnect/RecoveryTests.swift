import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("The way back after a connection fell")
struct RecoveryTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private static let closed = ConnectionEnd.closed(code: 1006, reason: "")

    private func recovery(_ policy: ReconnectPolicy, isFirst: Bool = false) -> Recovery {
        let random = ClientRandom(seed: 1, slot: 0, generation: 0, stream: 16)
        return Recovery(policy, isFirst: isFirst, at: Self.start, random: random)
    }

    @Test("Attempts follow the policy until it ends")
    func attempts() {
        var recovery = recovery(ReconnectPolicy(delay: .seconds(2), cap: .seconds(10), attempts: 2))
        #expect(recovery.lost("reset", Self.closed) == .tryAgain(after: .seconds(2)))
        #expect(recovery.phase == .pausing)
        recovery.begin(scheduled: Self.start + .seconds(2), at: Self.start + .seconds(2))
        #expect(recovery.phase == .connecting)
        #expect(recovery.lost("refused", .refused(status: nil, message: "")) == .tryAgain(after: .seconds(4)))
        recovery.begin(scheduled: Self.start + .seconds(6), at: Self.start + .seconds(6))
        #expect(recovery.lost("refused", .refused(status: nil, message: "")) == .giveUp)
        #expect(recovery.attempts == 2)
        #expect(recovery.lostAt == Self.start)
    }

    @Test("A session that opens begins the waits anew, as with the official client, but is still the same loss")
    func opened() {
        var recovery = recovery(ReconnectPolicy(delay: .seconds(1), cap: .seconds(60), attempts: 3))
        for _ in 0..<2 { _ = recovery.lost("reset", Self.closed) }
        recovery.begin(scheduled: Self.start, at: Self.start)
        recovery.opened(at: Self.start + .seconds(4))
        // A proxy may open a transport to nobody.
        var behindProxy = recovery
        #expect(behindProxy.lost("reset", Self.closed) == .tryAgain(after: .seconds(4)))
        #expect(behindProxy.lost("reset", Self.closed) == .giveUp)
        recovery.sessionOpened()
        #expect(recovery.lost("reset", Self.closed) == .tryAgain(after: .seconds(1)))
        #expect(recovery.openedAt == Self.start + .seconds(4))
        #expect(recovery.lostAt == Self.start)
    }

    @Test(
        "The official client comes back after whatever the network does, and after nothing that the server decided",
        arguments: [
            ("reset", closed, true),
            ("closed.1000", .closed(code: 1000, reason: ""), true),
            ("closed.1005", .closed(code: 1005, reason: ""), true),
            ("heartbeat", .failed, true),
            ("timeout", .failed, true),
            ("protocol", .failed, true),
            ("refused", .refused(status: nil, message: ""), true),
            ("upgrade.503", .refused(status: 503, message: ""), true),
            ("connect_error", .refused(status: nil, message: "no"), false),
            ("server_disconnect", .closed(code: 1005, reason: ""), false),
            ("script", .failed, false),
            ("generator.descriptors", .failed, false),
        ] as [(String, ConnectionEnd, Bool)]
    )
    func official(kind: String, end: ConnectionEnd, isRetried: Bool) {
        #expect(ReconnectPolicy.socketIO.retries(kind, end) == isRetried)
    }

    @Test("A policy of one's own may ignore close codes, and take a refusal for a failure of the network")
    func own() {
        let policy = ReconnectPolicy(delay: .seconds(1), cap: .seconds(2), ignore: [1000, 4001], afterRefusal: true)
        #expect(!policy.retries("closed.1000", .closed(code: 1000, reason: "")))
        #expect(!policy.retries("closed.4001", .closed(code: 4001, reason: "")))
        #expect(policy.retries("closed.1001", .closed(code: 1001, reason: "")))
        #expect(policy.retries("connect_error", .refused(status: nil, message: "no")))
        #expect(policy.retries("server_disconnect", .closed(code: 1005, reason: "")))
        #expect(!policy.retries("generator.ports", .failed))
    }
}

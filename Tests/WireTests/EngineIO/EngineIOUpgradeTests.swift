import Testing

@testable import Wire

@Suite("Engine.IO upgrade")
struct EngineIOUpgradeTests {
    static func receive(
        _ packet: String,
        _ upgrade: inout EngineIOUpgrade,
        isText: Bool = true,
        isPollingIdle: Bool = false
    ) -> EngineIOUpgrade.Action {
        withBytes(packet) { upgrade.receive($0, isText: isText, isPollingIdle: isPollingIdle) }
    }

    /// One that has got as far as this state.
    static func upgrade(_ state: EngineIOUpgrade.State) -> EngineIOUpgrade {
        var upgrade = EngineIOUpgrade()
        if state == .opening { return upgrade }
        if state == .failed {
            _ = upgrade.fail("refused")
            return upgrade
        }
        _ = upgrade.opened()
        if state == .probing { return upgrade }
        _ = receive("3probe", &upgrade)
        if state == .pausing { return upgrade }
        _ = upgrade.pollingIsIdle()
        return upgrade
    }

    @Test("the official client's order: probe, pause while a poll is under way, upgrade")
    func order() {
        var upgrade = EngineIOUpgrade()
        #expect(upgrade.allowsPolling)
        #expect(upgrade.pollingIsIdle() == .none)
        #expect(upgrade.opened() == .sendProbe)
        #expect(upgrade.state == .probing)
        #expect(upgrade.allowsPolling)
        #expect(upgrade.pollingIsIdle() == .none)
        #expect(Self.receive("3probe", &upgrade) == .pausePolling)
        #expect(upgrade.state == .pausing)
        #expect(!upgrade.allowsPolling)
        #expect(upgrade.pollingIsIdle() == .sendUpgrade)
        #expect(upgrade.state == .done)
        #expect(!upgrade.allowsPolling)
        #expect(upgrade.pollingIsIdle() == .none)
    }

    @Test("where no poll is under way there is nothing to wait for")
    func idle() {
        var upgrade = Self.upgrade(.probing)
        #expect(Self.receive("3probe", &upgrade, isPollingIdle: true) == .sendUpgrade)
        #expect(upgrade.state == .done)
    }

    @Test(
        "anything else than 3probe, and the session stays on polling",
        arguments: ["", "3", "3prob", "3probe ", "3probes", "2probe", "4x", "6", "1", "0{}", "x"]
    )
    func otherAnswer(packet: String) {
        var upgrade = Self.upgrade(.probing)
        guard case .abandon(let reason) = Self.receive(packet, &upgrade, isPollingIdle: true) else {
            Issue.record("\(packet) was taken for the answer")
            return
        }
        #expect(!reason.isEmpty)
        #expect(upgrade.state == .failed)
        #expect(upgrade.allowsPolling)
        #expect(Self.receive("3probe", &upgrade, isPollingIdle: true) == .none)
    }

    @Test("a binary frame is no answer, whatever it holds")
    func binary() {
        var upgrade = Self.upgrade(.probing)
        #expect(Self.receive("3probe", &upgrade, isText: false) != .pausePolling)
        #expect(upgrade.state == .failed)
    }

    @Test("a packet before the probe was sent fails it")
    func early() {
        var upgrade = EngineIOUpgrade()
        #expect(Self.receive("3probe", &upgrade, isPollingIdle: true) != .sendUpgrade)
        #expect(upgrade.state == .failed)
    }

    @Test("while polling is paused only a close packet counts", arguments: ["6", "4x", "3probe", "2", "", "zzz"])
    func pausing(packet: String) {
        var upgrade = Self.upgrade(.pausing)
        #expect(Self.receive(packet, &upgrade) == .none)
        #expect(Self.receive("1", &upgrade, isText: false) == .none)
        #expect(upgrade.state == .pausing)
        #expect(Self.receive("1", &upgrade) != .none)
        #expect(upgrade.state == .failed)
        #expect(upgrade.pollingIsIdle() == .none)
    }

    @Test(
        "a failure is told once, and polling goes on",
        arguments: [.opening, .probing, .pausing] as [EngineIOUpgrade.State]
    )
    func failure(state: EngineIOUpgrade.State) {
        var upgrade = Self.upgrade(state)
        #expect(upgrade.state == state)
        #expect(upgrade.fail("too late") == .abandon(reason: "too late"))
        #expect(upgrade.state == .failed)
        #expect(upgrade.allowsPolling)
        #expect(upgrade.fail("closed") == .none)
        #expect(upgrade.opened() == .none)
        #expect(upgrade.pollingIsIdle() == .none)
    }

    @Test("after the upgrade nothing undoes it")
    func done() {
        var upgrade = Self.upgrade(.done)
        #expect(upgrade.fail("late") == .none)
        #expect(Self.receive("1", &upgrade) == .none)
        #expect(upgrade.opened() == .none)
        #expect(upgrade.state == .done)
    }

    @Test("whatever happens in whatever order, 5 is sent at most once and only behind a probe that was answered")
    func random() {
        var generator = SeededGenerator(seed: 5)
        let packets = ["3probe", "3probe", "3probe", "6", "1", "4x", ""]
        var outcomes: [EngineIOUpgrade.State: Int] = [:]
        for _ in 0..<5000 {
            var upgrade = EngineIOUpgrade()
            var sent: [EngineIOUpgrade.Action] = []
            var ends = 0
            for _ in 0..<12 {
                let action: EngineIOUpgrade.Action
                switch Int.random(in: 0..<12, using: &generator) {
                case 0: action = upgrade.fail("x")
                case 1...4: action = upgrade.opened()
                case 5...7: action = upgrade.pollingIsIdle()
                default:
                    let packet = packets.randomElement(using: &generator) ?? ""
                    action = Self.receive(packet, &upgrade, isPollingIdle: generator.chance(30))
                }
                if action == .sendProbe || action == .sendUpgrade { sent.append(action) }
                if case .abandon = action { ends += 1 }
                if action == .sendUpgrade { ends += 1 }
            }
            #expect([[], [.sendProbe], [.sendProbe, .sendUpgrade]].contains(sent))
            #expect(ends == (upgrade.state == .done || upgrade.state == .failed ? 1 : 0))
            outcomes[upgrade.state, default: 0] += 1
        }
        #expect(outcomes[.done, default: 0] > 100)
        #expect(outcomes[.failed, default: 0] > 100)
    }
}

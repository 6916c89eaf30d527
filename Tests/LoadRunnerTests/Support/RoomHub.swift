import Foundation
import NIOCore
import Synchronization

/// A server of rooms: who emits `join` with a name gets what others `say` there, as an event `said`, or what a test says
/// that becomes of it.
///
/// `say` has `room` and `text`. `leave` takes a member out again. All of it runs on the one event loop of its server.
final class RoomHub: Sendable {
    /// One message to one member.
    struct Delivery: Sendable {
        /// Counted over the whole server, from 1.
        var number: Int
        /// Of the member's connection, from 0.
        var member: Int
        var text: String
    }

    enum Fate: Sendable {
        case delivered
        case withheld
        case doubled
        case delayed(TimeAmount)
        /// The member's connection is reset.
        case reset
    }

    private struct State {
        var rooms: [String: [FakePeer]] = [:]
        var deliveries = 0
        var fates: [String: Int] = [:]
        /// What was said in each room.
        var history: [String: [String]] = [:]
    }

    private let state = Mutex(State())
    private let fate: @Sendable (Delivery) -> Fate
    private let said: @Sendable (FakePeer, String) -> Bool
    private let echoes: Bool
    private let replays: Bool

    /// - Parameters:
    ///   - echoes: Who says something gets it, too.
    ///   - said: What a member says, before it goes to the others; false: it does not.
    ///   - replays: Who joins gets what was said before.
    ///   - fate: What becomes of a delivery.
    init(
        echoes: Bool = true,
        replays: Bool = false,
        said: @escaping @Sendable (FakePeer, String) -> Bool = { _, _ in true },
        fate: @escaping @Sendable (Delivery) -> Fate = { _ in .delivered }
    ) {
        self.fate = fate
        self.said = said
        self.echoes = echoes
        self.replays = replays
    }

    var script: FakeServer.Script {
        var script = FakeServer.Script()
        script.event = { peer, event in self.take(event, from: peer) }
        script.closed = { peer in self.remove(peer) }
        return script
    }

    /// How many messages were to go to members.
    var deliveries: Int { state.withLock { $0.deliveries } }
    var withheld: Int { state.withLock { $0.fates["withheld"] ?? 0 } }
    var doubled: Int { state.withLock { $0.fates["doubled"] ?? 0 } }

    private func take(_ event: FakeEvent, from peer: FakePeer) {
        guard let value = try? JSONSerialization.jsonObject(with: Data(event.data.utf8), options: .fragmentsAllowed)
        else { return }
        switch (event.name, value) {
        case ("join", let name as String):
            state.withLock { $0.rooms[name, default: []].append(peer) }
            peer.sendEvent("joined", "\"\(name)\"")
            guard replays else { return }
            for text in state.withLock({ $0.history[name] ?? [] }) { peer.sendEvent("said", "{\"text\":\"\(text)\"}") }
        case ("leave", let name as String):
            state.withLock { $0.rooms[name]?.removeAll { $0 === peer } }
            peer.sendEvent("left", "\"\(name)\"")
        case ("say", let message as [String: Any]):
            guard let room = message["room"] as? String, let text = message["text"] as? String, said(peer, text) else {
                return
            }
            state.withLock { $0.history[room, default: []].append(text) }
            for member in state.withLock({ $0.rooms[room] ?? [] }) where echoes || member !== peer {
                deliver(text, to: member)
            }
        default: break
        }
    }

    private func deliver(_ text: String, to member: FakePeer) {
        let number = state.withLock { state in
            state.deliveries += 1
            return state.deliveries
        }
        let data = "{\"text\":\"\(text)\"}"
        switch fate(Delivery(number: number, member: member.number, text: text)) {
        case .delivered: member.sendEvent("said", data)
        case .withheld: count("withheld")
        case .doubled:
            count("doubled")
            member.sendEvent("said", data)
            member.sendEvent("said", data)
        case .delayed(let time): member.after(time) { $0.sendEvent("said", data) }
        case .reset:
            remove(member)
            member.reset()
        }
    }

    private func count(_ fate: String) {
        state.withLock { $0.fates[fate, default: 0] += 1 }
    }

    private func remove(_ peer: FakePeer) {
        state.withLock { state in
            for name in state.rooms.keys { state.rooms[name]?.removeAll { $0 === peer } }
        }
    }
}

import NIOCore
import Scenarios
import Synchronization

/// The rooms of a run, which all its workers share.
final class RoomDirectory: Sendable {
    /// What tells this run's stamps from those of another.
    let tag: UInt32
    /// The rooms that clients are assigned to, in order.
    let assigned: [Room]
    /// Their names, `${room.id}`.
    let names: [String]

    private let rules: RoomLedger.Rules
    private let all: Mutex<(rooms: [Room], byName: [String: Room])>

    /// Nil where no group of the scenario knows rooms.
    init?(_ scenario: Scenario, seed: UInt64, tag: UInt32) {
        guard scenario.rooms != nil || scenario.groups.contains(where: \.usesRooms) else { return nil }
        self.tag = tag
        let names = scenario.rooms?.names(seed: seed) ?? []
        var rules = RoomLedger.Rules(scenario)
        rules.maximumMessages = min(max(Self.maximumMessages / max(1, names.count), 1 << 10), 1 << 16)
        self.rules = rules
        let rooms = names.indices.map { Room(number: $0, rules: rules) }
        self.names = names
        assigned = rooms
        let byName = Dictionary(zip(names, rooms)) { first, _ in first }
        all = Mutex((rooms, byName))
    }

    /// The room of this name, where a client has joined it or sent to it.
    func knownRoom(named name: String) -> Room? {
        all.withLock { $0.byName[name] }
    }

    /// The room of this name, which is made where there is none; nil where there are too many.
    func room(named name: String) -> Room? {
        all.withLock { all in
            if let room = all.byName[name] { return room }
            guard all.rooms.count < Self.maximumCount else { return nil }
            let room = Room(number: all.rooms.count, rules: rules)
            all.rooms.append(room)
            all.byName[name] = room
            return room
        }
    }

    /// Every `count`th room, from this one.
    func rooms(from first: Int, every count: Int) -> [Room] {
        all.withLock { all in stride(from: first, to: all.rooms.count, by: count).map { all.rooms[$0] } }
    }

    /// A room that nobody has sent anything to has some hundred bytes.
    static let maximumCount = 1 << 18
    /// How many messages the rooms that clients are assigned to follow together.
    private static let maximumMessages = 1 << 20
}

extension RoomLedger.Rules {
    /// The rules that the deliveries of all groups are counted by: the most generous of each.
    init(_ scenario: Scenario) {
        var within = Duration.zero
        var includesSender = false
        for group in scenario.groups {
            group.forEachStep { step in
                guard case .fanout(let fanOut) = step.action else { return }
                within = max(within, fanOut.within)
                if case .stamp = fanOut.identity, fanOut.includesSender { includesSender = true }
            }
        }
        self.init(within: within == .zero ? .seconds(10) : TimeAmount(within), includesSender: includesSender)
    }
}

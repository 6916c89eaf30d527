import NIOCore
import PracticeServer
import Synchronization
import Testing

@testable import LoadRunner

/// What the report says of deliveries, against what the server did to them.
@Suite("Rooms and fan-out against the truth", .serialized, .timeLimit(.minutes(1)))
struct RoomsEndToEndTests {
    // MARK: Practice server

    /// Twelve clients in three rooms, who all say ten things; nobody leaves before everything has come.
    private func chat(_ faults: String = "", staying: String = "2s", within: String = "700ms") -> String {
        // What begins like this is broadcast, and the agent does not answer it.
        let message = "/fail ${stamp(room.id)}"
        return """
            name: chat
            target:
              url: "practice:elizaos-current\(faults)"
              auth: { apiKey: practice-key, entityId: "${me}" }
            vars: { me: "${uuid()}" }
            rooms: { count: 3 }
            load: [ { for: 50ms, clients: 12, once: true }, { for: 200ms, once: true } ]
            on:
              messageBroadcast: { fanout: text, room: "${room.id}", self: true, within: \(within) }
            flow:
              - connect
              - emit: message
                data: { type: 1, payload: { channelId: "${room.id}", entityId: "${me}" } }
              - await: channel_joined
                joins: "${room.id}"
              - think: 400ms
              - repeat: 10
                flow:
                  - emit: message
                    data:
                      type: 2
                      payload:
                        channelId: "${room.id}"
                        messageServerId: 00000000-0000-0000-0000-000000000000
                        senderId: "${me}"
                        message: "\(message)"
                  - think: 20ms..40ms
              - think: \(staying)
            """
    }

    @Test("What is sent once comes once to all members, also where they are on two threads", arguments: [1, 2])
    func complete(threads: Int) async throws {
        let (run, truth) = try await EngineRun.runWithPractice(chat(), threads: threads)
        // Twelve clients say ten things to rooms of four.
        #expect(truth.deliveries.expected == 480)
        #expect(run.deliveries == ["expected": 480, "received": 480])
        #expect(run.times("fanout") == 480)
        #expect(run.times("fanout.service") == 480)
        #expect(run.count("clients.finished") == 12)
        #expect(run.errors == [:])
    }

    @Test("Lost deliveries are missing, and nothing else moves", arguments: [("", 1), ("=3", 2)])
    func lost(every: String, threads: Int) async throws {
        let (run, truth) = try await EngineRun.runWithPractice(chat("?lose-delivery\(every)"), threads: threads)
        let withheld = truth.deliveries.withheld
        #expect(withheld > 50)
        #expect(run.deliveries == ["expected": 480, "received": 480 - withheld, "missing": withheld])
        #expect(run.errors == [:])
    }

    @Test("Doubled deliveries are duplicated, and nothing else moves", arguments: [("", 1), ("=1", 2)])
    func doubled(every: String, threads: Int) async throws {
        let (run, truth) = try await EngineRun.runWithPractice(chat("?double-delivery\(every)"), threads: threads)
        let doubled = truth.deliveries.doubled
        #expect(doubled > 50)
        #expect(run.deliveries == ["expected": 480, "received": 480, "duplicated": doubled])
        #expect(run.errors == [:])
    }

    @Test("Swapped deliveries are reordered, and nothing else moves", arguments: [("", 1), ("=2", 2)])
    func swapped(every: String, threads: Int) async throws {
        // The last of a sender waits 2 s for a next one.
        let text = chat("?swap-delivery\(every)", staying: "2500ms", within: "4s")
        let (run, truth) = try await EngineRun.runWithPractice(text, threads: threads)
        let swapped = truth.deliveries.swapped
        #expect(swapped > 40)
        #expect(run.deliveries == ["expected": 480, "received": 480, "reordered": swapped])
        #expect(run.errors == [:])
    }

    @Test("All of it at once shows each as itself")
    func everything() async throws {
        let text = chat("?lose-delivery=9&double-delivery=5&swap-delivery=7", staying: "4s", within: "2500ms")
        let (run, truth) = try await EngineRun.runWithPractice(text, threads: 2)
        let faults = truth.deliveries
        #expect(min(faults.withheld, faults.doubled, faults.swapped) > 20)
        #expect(
            run.deliveries == [
                "expected": 480, "received": 480 - faults.withheld, "missing": faults.withheld,
                "duplicated": faults.doubled, "reordered": faults.swapped,
            ]
        )
    }

    @Test(
        "Stamped messages of members and the agent's own answers, by their ids, count side by side",
        arguments: ["?lose-delivery=5", "?double-delivery=5"]
    )
    func answers(faults: String) async throws {
        let text = """
            name: answers
            target: { url: "practice:elizaos\(faults)" }
            vars: { me: "${uuid()}" }
            rooms: { count: 2 }
            load: [ { for: 50ms, clients: 8, once: true }, { for: 200ms, once: true } ]
            on:
              messageBroadcast:
                - fanout: text
                  self: true
                  within: 700ms
                - when: event.inReplyTo exists
                  flow: { fanout: { id: id, order: senderId, room: "${room.id}" }, within: 700ms }
            flow:
              - connect
              - emit: message
                data: { type: 0, payload: { channelId: "${room.id}" } }
              - await: channel_joined
                joins: "${room.id}"
              # Of who joined less than a second ago nobody can tell whether it was too late for an answer.
              - think: 1400ms
              - repeat: 3
                flow:
                  - emit: message
                    data:
                      type: 1
                      payload:
                        channelId: "${room.id}"
                        serverId: 00000000-0000-0000-0000-000000000000
                        senderId: "${me}"
                        message: "hello ${stamp(room.id)}"
                  - think: 150ms
              - think: 2500ms
            """
        let (run, truth) = try await EngineRun.runWithPractice(text, threads: 2)
        // Eight clients say three things to rooms of four, and each is answered.
        #expect(truth.deliveries.expected == 192)
        var expected = ["expected": 192, "received": 192 - truth.deliveries.withheld]
        if truth.deliveries.withheld > 0 { expected["missing"] = truth.deliveries.withheld }
        if truth.deliveries.doubled > 0 { expected["duplicated"] = truth.deliveries.doubled }
        #expect(run.deliveries == expected)
        #expect(truth.deliveries.withheld + truth.deliveries.doubled == 38)
        #expect(run.errors == [:])
    }

    @Test("What a server sends to who joins late is replayed, and owed to nobody")
    func history() async throws {
        let join = """
            - connect
                  - emit: message
                    data: { type: 1, payload: { channelId: "${room.id}", entityId: "${me}" } }
                  - await: channel_joined
                    joins: "${room.id}"
            """
        let text = """
            name: history
            target: { url: "practice:elizaos-current", auth: { apiKey: practice-key, entityId: "${me}" } }
            vars: { me: "${uuid()}" }
            rooms: { count: 1 }
            load: [ { for: 20ms, clients: 5, once: true }, { for: 200ms, once: true } ]
            on: { messageBroadcast: { fanout: text, self: true } }
            clients:
              speaker:
                share: 3
                flow:
                  \(join)
                  - think: 300ms
                  - repeat: 4
                    flow:
                      - emit: message
                        data:
                          type: 2
                          payload:
                            channelId: "${room.id}"
                            messageServerId: 00000000-0000-0000-0000-000000000000
                            senderId: "${me}"
                            message: "/fail ${stamp(room.id)}"
                  - think: 1s
              late:
                share: 2
                flow:
                  - think: 900ms
                  \(join)
                  - think: 300ms
            """
        let (run, truth) = try await EngineRun.runWithPractice(text, threads: 2)
        #expect(truth.deliveries.expected == 36)
        #expect(run.deliveries == ["expected": 36, "received": 36, "replayed": 24])
    }

    // MARK: Clients that come and go

    @Test(
        "While clients come and go, all the losses of those who stay are missing, and nothing else",
        arguments: [1, 2]
    )
    func comeAndGo(threads: Int) async throws {
        // Every fifth delivery to the first four connections, which stay, is withheld, every seventh doubled.
        let hub = RoomHub(
            echoes: false,
            fate: { delivery in
                guard delivery.member < 4 else { return .delivered }
                return delivery.number % 5 == 0 ? .withheld : delivery.number % 7 == 0 ? .doubled : .delivered
            }
        )
        let run = try await FakeServer.run(hub.script) { server in
            try await EngineRun.run(
                server,
                """
                on: { said: { fanout: text, within: 1s } }
                load: [ { for: 10ms, clients: 8 }, { for: 3s } ]
                grace: 5s
                clients:
                  stays:
                    flow:
                      - connect
                      - emit: join
                        data: lobby
                      - await: joined
                        joins: lobby
                      # The hub has them as members a moment before they know: nobody speaks until all do.
                      - think: 600ms
                      - repeat: 25
                        flow:
                          - emit: say
                            data: { room: lobby, text: "${stamp('lobby')}" }
                          - think: 40ms
                      - think: 3s
                  comes:
                    flow:
                      # Those who stay are there first, also where the machine is busy.
                      - think: 300ms
                      - connect
                      - emit: join
                        data: lobby
                      - await: joined
                        joins: lobby
                      - repeat: 3
                        flow:
                          - emit: say
                            data: { room: lobby, text: "${stamp('lobby')}" }
                          - think: 10ms..30ms
                      - emit: leave
                        data: lobby
                      - await: left
                        leaves: lobby
                """,
                threads: threads
            )
        }
        #expect(run.errors == [:])
        #expect(try #require(run.count("clients.started")) > 20)
        let found = run.deliveries
        #expect(found["missing"] == hub.withheld)
        #expect(hub.withheld > 100)
        #expect(found["duplicated"] == hub.doubled)
        #expect(hub.doubled > 50)
        #expect(found["expected"] == found["received"].map { $0 + hub.withheld })
        #expect(
            Set(found.keys).isSubset(of: ["expected", "received", "missing", "duplicated", "replayed", "unsettled"])
        )
    }

    // MARK: One thing at a time

    /// Clients of one room, each with a few words to say after all are there.
    private func lobby(
        _ clients: Int,
        says: Int = 3,
        more: String = "",
        within: String = "300ms",
        stays: String = "1200ms"
    ) -> String {
        """
        onFailure: leave
        on: { said: { fanout: text, self: true, within: \(within) } }
        load: [ { for: 20ms, clients: \(clients), once: true }, { for: 200ms, once: true } ]
        grace: 5s
        flow:
          - connect
          - emit: join
            data: lobby
          - await: joined
            joins: lobby
          - think: 200ms
          - when: client.index == 0 and \(says) > 0
            flow:
              - repeat: \(max(1, says))
                flow:
                  - emit: say
                    data: { room: lobby, text: "${stamp('lobby')}" }
                  - think: 50ms
        \(more)
          - think: \(stays)
        """
    }

    @Test("A member that the server cuts off is owed nothing any more, but what others came after", arguments: [1, 2])
    func cutOff(threads: Int) async throws {
        // To the last: the first message, not the second, the third; at the fourth it is cut off.
        let hub = RoomHub(fate: { delivery in
            guard delivery.member == 3 else { return .delivered }
            switch (delivery.number - 1) / 4 {
            case 1: return .withheld
            case 3: return .reset
            default: return .delivered
            }
        })
        let run = try await FakeServer.run(hub.script) { server in
            try await EngineRun.run(server, lobby(4, says: 6, within: "5s"), threads: threads)
        }
        #expect(run.errors == ["reset": 1])
        #expect(run.deliveries == ["expected": 21, "received": 20, "missing": 1, "unsettled": 1])
    }

    @Test("What a sender said whose connection falls may never have arrived")
    func senderLost() async throws {
        let count = Counter()
        let hub = RoomHub(said: { peer, _ in
            guard count.next() == 3 else { return true }
            peer.reset()
            return false
        })
        let run = try await FakeServer.run(hub.script) { server in
            try await EngineRun.run(server, lobby(4, says: 5))
        }
        #expect(run.errors == ["reset": 1])
        #expect(run.deliveries == ["expected": 8, "received": 8, "unsettled": 4])
    }

    @Test(
        "What is sent while a member is away is counted, and how much of it came after all",
        arguments: [false, true]
    )
    func away(replays: Bool) async throws {
        // The second member's connection is reset upon the first message; two more are sent before it is back.
        let hub = RoomHub(replays: replays, fate: { $0.member == 1 && $0.number <= 2 ? .reset : .delivered })
        let run = try await FakeServer.run(hub.script) { server in
            try await EngineRun.run(
                server,
                """
                load: [ { for: 10ms, clients: 2, once: true }, { for: 1300ms, once: true } ]
                grace: 3s
                reconnect: { delay: 600ms, cap: 1s }
                on: { said: { fanout: text, within: 2s } }
                rejoin: [ { emit: join, data: lobby }, { await: joined, joins: lobby } ]
                flow:
                  - connect
                  - emit: join
                    data: lobby
                  - await: joined
                    joins: lobby
                  - think: 300ms
                  - when: client.index == 0
                    flow:
                      - repeat: 3
                        flow: [ { emit: say, data: { room: lobby, text: "${stamp('lobby')}" } }, { think: 30ms } ]
                  - think: 1500ms
                """
            )
        }
        #expect(run.errors == ["reset": 1])
        #expect(run.count("fanout.away") == 2)
        #expect(run.count("fanout.caught_up") == (replays ? 2 : 0))
        // The one on which the connection fell is older than the gap.
        #expect(run.deliveries == (replays ? ["replayed": 3, "unsettled": 1] : ["unsettled": 1]))
    }

    @Test("What comes after its time has been missing, and is late")
    func late() async throws {
        let hub = RoomHub(fate: { $0.number == 2 ? .delayed(.milliseconds(1600)) : .delivered })
        let run = try await FakeServer.run(hub.script) { server in
            try await EngineRun.run(server, lobby(3, stays: "2500ms"))
        }
        #expect(run.deliveries == ["expected": 9, "received": 9, "missing": 1, "late": 1])
        #expect(run.times("fanout") == 9)
    }

    @Test("Who leaves by a step is owed nothing from then on")
    func leaving() async throws {
        let hub = RoomHub()
        let more = """
              - when: client.index == 1
                flow:
                  - emit: leave
                    data: lobby
                  - await: left
                    leaves: lobby
              - think: 300ms
              - when: client.index == 0
                flow:
                  - emit: say
                    data: { room: lobby, text: "${stamp('lobby')}" }
            """
        let run = try await FakeServer.run(hub.script) { server in
            try await EngineRun.run(server, lobby(3, says: 0, more: more))
        }
        #expect(hub.deliveries == 2)
        #expect(run.deliveries == ["expected": 2, "received": 2])
    }

    @Test("A step that fails joins nothing, and the flow goes on behind it")
    func failedJoin() async throws {
        let hub = RoomHub()
        let run = try await FakeServer.run(hub.script) { server in
            try await EngineRun.run(
                server,
                """
                on: { said: { fanout: text, self: true } }
                load: [ { for: 20ms, clients: 2, once: true }, { for: 200ms, once: true } ]
                flow:
                  - connect
                  - when: client.index == 0
                    flow: { await: never, within: 100ms, onFailure: continue, joins: lobby }
                    else: { think: 100ms, joins: lobby }
                  - think: 200ms
                  - emit: say
                    data: { room: lobby, text: "${stamp('lobby')}" }
                """
            )
        }
        #expect(run.errors == ["timeout": 1])
        // Nothing comes, for the server knows of no member: only the second client is owed something.
        #expect(run.count("fanout.missing") == 0)
        #expect(run.deliveries == ["unsettled": 2])
    }

    @Test("A handler that sends may join, too")
    func joinInHandler() async throws {
        let hub = RoomHub()
        let run = try await FakeServer.run(hub.script) { server in
            try await EngineRun.run(
                server,
                """
                on:
                  said: { fanout: text, self: true }
                  joined: { emit: thanks, joins: "${args.0}" }
                load: [ { for: 20ms, clients: 2, once: true }, { for: 200ms, once: true } ]
                flow:
                  - connect
                  - emit: join
                    data: lobby
                  - think: 200ms
                  - emit: say
                    data: { room: lobby, text: "${stamp('lobby')}" }
                  - think: 300ms
                """
            )
        }
        #expect(run.deliveries == ["expected": 4, "received": 4])
    }

    @Test("Messages of another room, where the handler says which, are stray")
    func stray() async throws {
        let hub = RoomHub()
        let run = try await FakeServer.run(hub.script) { server in
            try await EngineRun.run(
                server,
                """
                rooms: { count: 2 }
                on: { said: { fanout: text, room: "${room.id}", self: true } }
                load: [ { for: 20ms, clients: 2, once: true }, { for: 200ms, once: true } ]
                flow:
                  - connect
                  - emit: join
                    data: lobby            # all are in one channel of the server's, and in two rooms
                  - await: joined
                    joins: "${room.id}"
                  - think: 200ms
                  - emit: say
                    data: { room: lobby, text: "${stamp(room.id)}" }
                  - think: 300ms
                """
            )
        }
        #expect(run.deliveries == ["expected": 2, "received": 2, "stray": 2])
    }

    // MARK: Hostile servers

    @Test("Stamps that are garbage, or of another run, and rooms that nobody named, come to nothing")
    func garbage() async throws {
        let texts = [
            "rpz", "rpz" + String(repeating: "f", count: 42), "rpz" + String(repeating: "0", count: 42),
            "rpzdeadbeef00000000000000000000000000000000000", String(repeating: "rpz", count: 3000),
        ]
        // What the first says comes to all, and with it what is none of it: its own stamp with other numbers in it.
        let hub = RoomHub(said: { peer, stamp in
            let parts = Array(stamp)
            for (from, digits) in [(11, 6), (17, 6), (23, 10), (33, 12)] {
                for digit in ["f", "8"] {
                    var forged = parts
                    for place in from..<(from + digits) { forged[place] = Character(digit) }
                    peer.sendEvent("said", "{\"text\":\"\(String(forged))\"}")
                }
            }
            for text in texts { peer.sendEvent("said", "{\"text\":\"\(text)\"}") }
            for value in ["{\"text\":7}", "{\"text\":null}", "{}", "[[[]]]", "7"] { peer.sendEvent("said", value) }
            return true
        })
        let run = try await FakeServer.run(hub.script) { server in
            try await EngineRun.run(server, lobby(3))
        }
        #expect(run.errors == [:])
        let found = run.deliveries
        #expect(found["expected"] == 9)
        #expect(found["received"] == 9)
        #expect(found["missing"] == nil)
        // A room that is none, and a number's time, make what is known no other.
        #expect(Set(found.keys).isSubset(of: ["expected", "received", "replayed", "duplicated"]))
    }

    @Test("A flood of ids and of rooms that the server makes up is counted, and kept within bounds")
    func flood() async throws {
        let flooded = 20_000
        var script = FakeServer.Script()
        script.event = { peer, event in
            guard event.name == "go" else { return }
            for number in 0..<flooded {
                peer.sendEvent("news", "{\"id\":\"id-\(number)\",\"room\":\"room-\(number)\",\"phone\":\(number)}")
            }
            peer.sendEvent("over")
        }
        let run = try await FakeServer.run(script) { server in
            try await EngineRun.run(
                server,
                """
                on:
                  news:
                    - fanout: { id: id, order: phone, room: all }
                    - fanout: { id: id, room: "${event.room}" }
                load: [ { for: 20ms, clients: 1, once: true }, { for: 100ms, once: true } ]
                grace: 30s
                flow:
                  - connect:
                    joins: all
                  - emit: go
                  - await: over
                    within: 30s
                """
            )
        }
        #expect(run.errors == [:])
        #expect(run.deliveries == ["expected": flooded, "received": flooded, "replayed": flooded])
    }
}

/// Counts from 1, on any thread.
private final class Counter: Sendable {
    private let count = Atomic(0)

    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}

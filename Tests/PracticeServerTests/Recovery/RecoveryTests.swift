import Testing

@testable import PracticeServer

/// Connection state recovery over real sockets, byte by byte.
@Suite(.timeLimit(.minutes(1))) struct RecoveryTests {
    struct Identity: Sendable {
        var sid: String
        var pid: String
    }

    /// Runs an echo server that keeps its clients for a time.
    private func withRecovery(
        _ time: Duration = .seconds(60),
        system: String = "echo",
        _ body: (PracticeServer) async throws -> Void
    ) async throws -> Truth {
        try await withServer([.recovery(time)], configure: { $0.system = system }, body)
    }

    /// Joins, and reads who the client is now.
    @discardableResult
    private static func join(_ client: inout RawClient, _ packet: String = "40") async throws -> Identity {
        try await client.upgrade()
        _ = try await client.frame()
        try await client.sendText(packet)
        return try identity(try await client.text())
    }

    private static func identity(_ answer: String) throws -> Identity {
        let match = try #require(
            answer.wholeMatch(of: #/40(?:\/a,)?\{"sid":"([^"]{20})","pid":"([^"]{20})"\}/#),
            "\(answer)"
        )
        return Identity(sid: String(match.1), pid: String(match.2))
    }

    private static func back(_ identity: Identity, _ offset: String, _ namespace: String = "") -> String {
        #"40\#(namespace){"pid":"\#(identity.pid)","offset":"\#(offset)"}"#
    }

    @Test("A client that was reset comes back by its offset: the same sid, and what it missed before that")
    func restored() async throws {
        let truth = try await withRecovery { server in
            let identity = try await RawClient.talk(to: server.port) { client in
                let identity = try await Self.join(&client)
                try await client.sendText(#"42["echo","a"]"#)
                #expect(try await client.text() == #"42["echo","a","\#(identity.sid).1"]"#)
                try await client.sendText(#"42["echo","b"]"#)
                try await client.sendText(#"427["echo","c"]"#)
                // Events after the first did not get to it, as far as the client will say.
                #expect(try await client.text() == #"42["echo","b","\#(identity.sid).2"]"#)
                #expect(try await client.text() == #"42["echo","c","\#(identity.sid).3"]"#)
                #expect(try await client.text() == #"437["c"]"#)
                try? await client.reset()
                return identity
            }
            try await untilCounted(server) { $0.connections.open == 0 }
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade()
                _ = try await client.frame()
                try await client.sendText(Self.back(identity, "\(identity.sid).1"))
                #expect(try await client.text() == #"42["echo","b","\#(identity.sid).2"]"#)
                #expect(try await client.text() == #"42["echo","c","\#(identity.sid).3"]"#)
                #expect(try await client.text() == #"40{"sid":"\#(identity.sid)","pid":"\#(identity.pid)"}"#)
                try await client.sendText(#"42["echo","d"]"#)
                #expect(try await client.text() == #"42["echo","d","\#(identity.sid).4"]"#)
            }
        }
        #expect(truth.recovery.restored == 1)
        #expect(truth.recovery.resent == 2)
        #expect(truth.recovery.refused == 0)
        #expect(truth.messages.connects == 2)
        #expect(truth.connections.accepted == 2)
        #expect(truth.connections.byRST == 1)
    }

    @Test("A question, which asks for an acknowledgement, has no offset and is not sent again")
    func question() async throws {
        let truth = try await withRecovery { server in
            let identity = try await RawClient.talk(to: server.port) { client in
                let identity = try await Self.join(&client)
                try await client.sendText(#"42["echo"]"#)
                #expect(try await client.text() == #"42["echo","\#(identity.sid).1"]"#)
                try await client.sendText(#"42["ask","?"]"#)
                #expect(try await client.text() == #"420["question","?"]"#)
                try? await client.reset()
                return identity
            }
            try await untilCounted(server) { $0.connections.open == 0 }
            try await RawClient.talk(to: server.port) { client in
                let again = try await Self.join(&client, Self.back(identity, "\(identity.sid).1"))
                #expect(again.sid == identity.sid)
                try await client.sendText(#"430["!"]"#)
                #expect(try await client.text() == #"42["answered","!","\#(identity.sid).2"]"#)
            }
        }
        #expect(truth.recovery.restored == 1)
        #expect(truth.recovery.resent == 0)
    }

    @Test("Who left in order, was sent away, or names no offset that is kept, comes as somebody new", arguments: 0..<4)
    func refused(way: Int) async throws {
        let truth = try await withRecovery { server in
            let identity = try await RawClient.talk(to: server.port) { client in
                let identity = try await Self.join(&client)
                try await client.sendText(#"42["echo"]"#)
                _ = try await client.text()
                switch way {
                case 0: try await client.sendText("41")
                case 1: try await client.sendText(#"42["bye"]"#)
                default: break
                }
                if way < 2 { try await client.sendFrame(0x88, []) } else { try? await client.reset() }
                try await untilCounted(server) { $0.connections.open == 0 }
                return identity
            }
            let offset = way == 2 ? "\(identity.sid).9" : "\(identity.sid).1"
            let other = way == 3 ? Identity(sid: identity.sid, pid: "made-up") : identity
            try await RawClient.talk(to: server.port) { client in
                let again = try await Self.join(&client, Self.back(other, offset))
                #expect(again.sid != identity.sid)
                #expect(again.pid != identity.pid)
            }
        }
        #expect(truth.recovery.restored == 0)
        #expect(truth.recovery.refused == 1)
        #expect(truth.messages.connects == 2)
    }

    @Test("A client that is still there as far as the server knows cannot be taken over")
    func notLost() async throws {
        let truth = try await withRecovery { server in
            try await RawClient.talk(to: server.port) { client in
                let identity = try await Self.join(&client)
                try await client.sendText(#"42["echo"]"#)
                _ = try await client.text()
                try await RawClient.talk(to: server.port) { other in
                    let again = try await Self.join(&other, Self.back(identity, "\(identity.sid).1"))
                    #expect(again.sid != identity.sid)
                }
                try await client.sendText(#"42["echo",2]"#)
                #expect(try await client.text() == #"42["echo",2,"\#(identity.sid).2"]"#)
            }
        }
        #expect(truth.recovery.refused == 1)
        #expect(truth.recovery.expired == 0)
    }

    @Test("A client that stays away for longer is given up")
    func expired() async throws {
        let truth = try await withRecovery(.milliseconds(20)) { server in
            let identity = try await RawClient.talk(to: server.port) { client in
                let identity = try await Self.join(&client)
                try await client.sendText(#"42["echo"]"#)
                _ = try await client.text()
                return identity
            }
            try await untilCounted(server) { $0.recovery.expired > 0 }
            try await RawClient.talk(to: server.port) { client in
                let again = try await Self.join(&client, Self.back(identity, "\(identity.sid).1"))
                #expect(again.sid != identity.sid)
            }
        }
        #expect(truth.recovery.refused == 1)
    }

    @Test("Each namespace comes back by itself, with what belongs to it")
    func namespaces() async throws {
        let truth = try await withRecovery { server in
            let (main, other) = try await RawClient.talk(to: server.port) { client in
                let main = try await Self.join(&client)
                try await client.sendText("40/a,")
                let other = try Self.identity(try await client.text())
                #expect(main.pid != other.pid)
                for text in [#"42["echo",1]"#, #"42/a,["echo",2]"#, #"42/a,["echo",3]"#] {
                    try await client.sendText(text)
                    _ = try await client.text()
                }
                try? await client.reset()
                return (main, other)
            }
            try await untilCounted(server) { $0.connections.open == 0 }
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade()
                _ = try await client.frame()
                try await client.sendText(Self.back(other, "\(other.sid).1", "/a,"))
                #expect(try await client.text() == #"42/a,["echo",3,"\#(other.sid).2"]"#)
                #expect(try Self.identity(try await client.text()).sid == other.sid)
                try await client.sendText(Self.back(main, "\(main.sid).1"))
                #expect(try Self.identity(try await client.text()).sid == main.sid)
            }
        }
        #expect(truth.recovery.restored == 2)
        #expect(truth.recovery.resent == 1)
    }

    @Test("A member of a room that was away gets the broadcasts of that time, over polling, too")
    func broadcasts() async throws {
        let truth = try await withRecovery(system: "elizaos") { server in
            let join =
                #"421["message",{"type":0,"payload":{"channelId":"\#(ElizaOSIDs.channel)","entityId":"\#(ElizaOSIDs.user(1))"}}]"#
            let (identity, offset) = try await RawClient.talk(to: server.port) { client in
                let identity = try await Self.join(&client)
                try await client.sendText(join)
                var offset = ""
                while true {
                    let text = try await client.text()
                    if text.hasPrefix("431[") { break }
                    offset = text.split(separator: "\"").dropLast().last.map(String.init) ?? ""
                }
                try? await client.reset()
                return (identity, offset)
            }
            try await untilCounted(server) { $0.connections.open == 0 }
            try await RawClient.talk(to: server.port) { speaker in
                try await Self.join(&speaker)
                try await speaker.sendText(join)
                let payload =
                    #"{"senderId":"\#(ElizaOSIDs.user(2))","senderName":"Two","message":"while you were away","#
                    + #""channelId":"\#(ElizaOSIDs.channel)","serverId":"\#(ElizaOSIDs.server)","messageId":"m1","#
                    + #""source":"web_client","attachments":[],"metadata":{"isDm":false}}"#
                try await speaker.sendText(#"422["message",{"type":1,"payload":\#(payload)}]"#)
                while try await !speaker.text().hasPrefix("432[") {}
            }
            let client = try await PollingClient(server)
            _ = try await client.post(Self.back(identity, offset))
            let packets = try await client.poll().body.split(separator: "\u{1E}").map(String.init)
            let place = try #require(packets.firstIndex { $0.hasPrefix("40{") })
            #expect(
                packets[..<place].contains { $0.contains("while you were away") && $0.contains("\(identity.sid).") }
            )
            #expect(try Self.identity(packets[place]).sid == identity.sid)
        }
        #expect(truth.recovery.restored == 1)
        #expect(truth.recovery.resent >= 1)
    }
}

import NIOCore
import Testing

@testable import PracticeServer

@Suite(.timeLimit(.minutes(1))) struct ServerFaultEndToEndTests {
    @Test("The share of upgrades that is refused gets 503 with a body, exactly as many as the truth says")
    func refuse() async throws {
        let truth = try await withServer([.refuse(0.25)]) { server in
            var statuses: [Int] = []
            for _ in 0..<12 {
                let head = try await RawClient.talk(to: server.port) { client in
                    let head = try await client.upgrade()
                    if head.hasPrefix("HTTP/1.1 503") { #expect(try await client.isAtEnd()) }
                    return head
                }
                statuses.append(Int(head.dropFirst(9).prefix(3)) ?? 0)
            }
            #expect(statuses == Array(repeating: [101, 101, 101, 503], count: 3).flatMap(\.self))
        }
        #expect(truth.connections.refused == 3)
        #expect(truth.connections.accepted == 9)
        #expect(truth.injected.map(\.kind) == Array(repeating: .refusedUpgrade, count: 3))
    }

    @Test("A connection is reset, not closed, after its time")
    func kill() async throws {
        let truth = try await withServer([.killAfter(.milliseconds(150))]) { server in
            await #expect {
                try await RawClient.talk(to: server.port) { client in
                    try await client.join()
                    _ = try await client.close()
                }
            } throws: {
                ($0 as? IOError)?.errnoCode == 104  // ECONNRESET
            }
        }
        #expect(truth.connections.killed == 1)
        #expect(truth.connections.open == 0)
        #expect(truth.injected.map(\.kind) == [.killedConnection])
    }

    @Test("With latency, replies keep their order and every message and request is counted as delayed")
    func latency() async throws {
        let truth = try await withServer([.latency(.milliseconds(5), jitter: .milliseconds(5))]) { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                for id in 0..<40 { try await client.sendText(#"42\#(id)["echo",\#(id)]"#) }
                for id in 0..<40 { #expect(try await client.text() == "43\(id)[\(id)]") }
            }
            try await RawClient.talk(to: server.port) { client in
                let first = try await client.request("GET", "/health")
                let second = try await client.request("GET", "/health")
                #expect([first.status, second.status] == [200, 200])
            }
        }
        #expect(truth.messages.delayed == 43)
    }

    @Test("A message that is still held back when its client leaves counts as received")
    func heldAtTheEnd() async throws {
        let truth = try await withServer([.latency(.milliseconds(30), jitter: .zero)]) { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText(#"421["echo",1]"#)
                try await client.sendText("1")
                _ = try await client.close()
                #expect(try await client.isAtEnd())
            }
        }
        #expect(truth.messages.received == ["echo": 1])
        #expect(truth.messages.acksSent == 0)
        #expect(truth.connections.closedByClient == 1)
    }
}

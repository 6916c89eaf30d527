import Testing

@testable import PracticeServer

@Suite("What a practice server says of itself to Prometheus", .timeLimit(.minutes(1)))
struct ServerMetricsEndToEndTests {
    @Test("Its connections and messages, and itself uncounted")
    func metrics() async throws {
        let truth = try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.join()
                try await client.sendText(#"42["a\"b\\\n",1]"#)
                try await untilCounted(server) { !$0.messages.received.isEmpty }
                let answer = try await RawClient.talk(to: server.port) { http in
                    try await http.request("GET", "/metrics?x", body: "")
                }
                #expect(answer.status == 200)
                #expect(answer.body.contains("\n# TYPE practice_connections_total counter\n"))
                let lines = answer.body.split(separator: "\n").filter { !$0.hasPrefix("#") }
                #expect(
                    lines == [
                        "practice_open_connections 1", "practice_connections_total 1",
                        #"practice_messages_received_total{event="a\"b\\\n"} 1"#, "practice_acks_sent_total 0",
                    ]
                )
            }
        }
        #expect(truth.http == [:])
    }

    @Test("A fault that delays requests does not delay it, and other methods are the dialect's")
    func faults() async throws {
        let latency = try #require(try Fault.parse(["latency=1h"]).first)
        let truth = try await withServer([latency]) { server in
            try await RawClient.talk(to: server.port) { http in
                let answer = try await http.request("GET", "/metrics", body: "")
                #expect(answer.status == 200)
            }
        }
        #expect(truth.http == [:])
        let other = try await withServer { server in
            try await RawClient.talk(to: server.port) { http in
                let answer = try await http.request("POST", "/metrics", body: "{}")
                #expect(answer.status == 404)
            }
        }
        #expect(other.http.values.reduce(0, +) == 1)
    }
}

import Metrics
import PracticeServer
import Testing

/// Streams that clients send up, beside what the practice server counted of them.
@Suite("Streams of the client's own against their truth", .serialized, .timeLimit(.minutes(1)))
struct ClientStreamTruthTests {
    private func streamed(_ fault: String = "") async throws -> Measured {
        try await Measured.run(
            """
            name: streamed
            target: { url: "practice:echo\(fault)", protocol: socket.io }
            load: [ { for: 100ms, clients: 8, once: true } ]
            grace: 20s
            vars: { stream: "${uuid()}" }
            flow:
              - connect
              - repeat: 10
                flow:
                  - pace: 20ms
                  - emit: chunk
                    data: { stream: "${stream}", index: "${i}", text: "0123456789" }
                    ack: { within: 5s, measure: saved }
              - emit: end
                data: { stream: "${stream}" }
              - await: { event: assembled, where: { chunks: 10, bytes: 100, missing: 0 } }
                within: 5s
                measure: answer
              - disconnect
            """
        )
    }

    @Test("every chunk is sent, acknowledged and counted once, and every stream answered")
    func whole() async throws {
        let run = try await streamed()
        let truth = try #require(run.truth)
        #expect(truth.messages.received == ["chunk": 80, "end": 8])
        #expect(run.count("saved.count") == 80)
        #expect(run.count("answer.count") == 8)
        #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
    }

    @Test("a server that takes 50 ms for each chunk falls behind a grid of 20 ms, by 30 ms more with every chunk")
    func behind() async throws {
        let run = try await streamed("?latency=50ms")
        let scheduled = try #require(run.histogram("saved"))
        let service = try #require(run.histogram("saved.service"))
        #expect(scheduled.count == 80)
        // The tenth chunk of a stream is 9 · 30 ms behind its point; what a send alone takes does not show it.
        #expect(service.min >= 50_000 && scheduled.min >= 50_000)
        #expect(scheduled.max >= 50_000 + 9 * 30_000)
        #expect(scheduled.mean - service.mean >= 4 * 30_000)
        #expect(run.verdicts == [:], "\(run.errors.map(\.example))")
    }
}

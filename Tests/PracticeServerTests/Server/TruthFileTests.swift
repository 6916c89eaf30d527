import Foundation
import Testing

@testable import PracticeServer

@Suite(.timeLimit(.minutes(1))) struct TruthFileTests {
    @Test("The truth is written at the stop, and reads back as what the server says itself")
    func written() async throws {
        let path = NSTemporaryDirectory() + "truth-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let truth = try await withServer([.dropChunk(every: 7), .noPing]) {
            $0.truth = path
        } _: { server in
            try await RawClient.talk(to: server.port) { client in try await client.join() }
            #expect(!FileManager.default.fileExists(atPath: path))
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(try JSONDecoder().decode(Truth.self, from: data) == truth)
        #expect(truth.system == "leflux")
        #expect(truth.faults == ["drop-chunk=7", "no-ping"])
        #expect(truth.messages.connects == 1)
        #expect(truth.countedAt >= truth.startedAt)
    }

    @Test("A truth file that cannot be written is an error that names it")
    func notWritable() async throws {
        var configuration = PracticeServer.Configuration(system: "leflux", port: 0)
        configuration.truth = "/nowhere/at/all/truth.json"
        let server = try await PracticeServer.start(configuration)
        await #expect {
            try await server.stop()
        } throws: {
            let error = $0 as? PracticeServerError
            return error?.code == .truthNotWritten && error?.message.contains("/nowhere/at/all/truth.json") == true
        }
    }
}

import Foundation
import Testing

/// Servers that are killed under their clients come back on the same port, and their logs outlive them.
@Suite(.serialized, .needsPeers, .timeLimit(.minutes(1))) struct RestartablePeerTests {
    @Test("Every kind of server can be killed and started again at once, and goes on in its log", arguments: 0..<3)
    func restart(kind: Int) async throws {
        let body: @Sendable (RestartablePeer) async throws -> [PeerLine] = { peer in
            for _ in 0..<2 {
                await peer.kill()
                try await peer.restart()
            }
            return try peer.lines()
        }
        let lines =
            switch kind {
            case 0: try await RestartablePeer.withSocketIO(body)
            case 1: try await RestartablePeer.withWebSockets(body)
            default: try await RestartablePeer.withPractice("leflux", [], body)
            }
        #expect(lines.map(\.event) == Array(repeating: kind == 2 ? "started" : "listening", count: 3))
    }
}

import Foundation

/// What python-socketio's server counted, as it prints it when it ends.
struct SocketIOCounts: Decodable {
    /// Of the main namespace.
    var connects: Int
    /// Received events by name; of another namespace than `/` with that before the name.
    var events: [String: Int]
    /// Chunks that it sent.
    var chunks: Int

    /// Ends the server and reads what it says.
    init(of server: Peer) async throws {
        self = try JSONDecoder().decode(SocketIOCounts.self, from: Data(try await server.lastWords().utf8))
    }
}

import Foundation
import Testing

/// What the plain WebSocket server counted, as it prints it when it ends.
struct WebSocketCounts: Decodable {
    var connects: Int
    var open: Int
    var most: Int
    /// Received messages by path.
    var messages: [String: Int]
    /// Messages with the type PING.
    var pings: Int
    /// How connections ended, by close code.
    var closes: [String: Int]

    /// Ends the server and reads what it says.
    init(of server: Peer) async throws {
        self = try JSONDecoder().decode(WebSocketCounts.self, from: Data(try await server.lastWords().utf8))
    }
}

extension Peer {
    /// The plain WebSocket server.
    ///
    /// - Parameter files: Its certificate, its key, and where it wants certificates of clients, their authority.
    static func withWebSocketServer<Result: Sendable>(
        files: [String] = [],
        _ body: @Sendable (Peer) async throws -> Result
    ) async throws -> Result {
        try await with([Needs.python, Needs.peer("websockets_server.py"), "0"] + files, body)
    }
}

import Foundation
import Testing

/// What went through the real Flock server's manager of WebSockets, as it prints it when it ends.
struct FlockCounts: Decodable {
    var connects: Int
    /// The most clients at once.
    var most: Int
    /// By the names of Flock's classes.
    var broadcasts: [String: Int]
    /// Broadcasts times clients.
    var deliveries: [String: Int]
    /// Clients that were removed because they could not be sent something.
    var dropped: Int

    /// Ends the server and reads what it says.
    init(of server: Peer) async throws {
        self = try JSONDecoder().decode(FlockCounts.self, from: Data(try await server.lastWords().utf8))
    }
}

extension Peer {
    /// A real Flock server.
    static func withFlockServer<Result: Sendable>(
        _ body: @Sendable (Peer) async throws -> Result
    ) async throws -> Result {
        try await with([Needs.flockPython, Needs.peer("flock_server.py"), "0"], body)
    }
}

extension Needs {
    /// The Python that has Flock, which needs a newer one than the others.
    static let flockPython = root.appending(path: ".venv-flock/bin/python").path
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where Flock is missing, and says how to get it; under CI, lets it fail.
    static var needsFlock: Self {
        .enabled(
            if: FileManager.default.fileExists(atPath: Needs.flockPython) || Needs.mustBeThere,
            "Flock is missing; run scripts/install-test-needs.sh where there is a Python 3.12"
        )
    }
}

import Foundation
import Testing

/// A reverse proxy in front of servers, configured as people deploy it.
enum Proxy: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case nginx, haproxy

    var testDescription: String { rawValue }

    /// Starts it on a port of its own, for the time of a closure.
    ///
    /// - Parameters:
    ///   - servers: The ports of the two servers behind it, which may be one and the same.
    ///   - patience: How long it waits for a server's answer, in seconds.
    func inFront<Result: Sendable>(
        of servers: (Int, Int),
        patience: Int = 60,
        _ body: @Sendable (Peer) async throws -> Result
    ) async throws -> Result {
        guard let tool = Tool(rawValue: rawValue)?.path else { throw PeerError(description: Needs.howToGet.rawValue) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(rawValue)-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let configuration = try Needs.peer(self == .nginx ? "nginx.conf" : "haproxy.cfg")
        let command = [
            Needs.python, try Needs.peer("proxy.py"), tool, configuration, folder.path,
            "\(servers.0)", "\(servers.1)", "\(patience)",
        ]
        return try await Peer.with(command, body)
    }
}

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
    ///   - authority: Whose server it is to clients, by TLS; the servers behind it speak without.
    ///   - wantsClient: It wants a certificate of the authority from clients, too.
    func inFront<Result: Sendable>(
        of servers: (Int, Int),
        patience: Int = 60,
        authority: TestAuthority? = nil,
        wantsClient: Bool = false,
        _ body: @Sendable (Peer) async throws -> Result
    ) async throws -> Result {
        guard let tool = Tool(rawValue: rawValue)?.path else { throw PeerError(description: Needs.howToGet.rawValue) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-\(rawValue)-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let configuration = try Needs.peer(self == .nginx ? "nginx.conf" : "haproxy.cfg")
        var command = [
            Needs.python, try Needs.peer("proxy.py"), tool, configuration, folder.path,
            "\(servers.0)", "\(servers.1)", "\(patience)",
        ]
        if let authority {
            command += [authority.path("server.pem"), authority.path("server.key")]
            if wantsClient { command.append(authority.path("ca.pem")) }
        }
        return try await Peer.with(command, body)
    }
}

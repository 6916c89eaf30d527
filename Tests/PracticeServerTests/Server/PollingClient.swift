@testable import PracticeServer

/// An Engine.IO session that polls, byte by byte.
struct PollingClient {
    let port: Int
    let sid: String
    /// The open packet without its type.
    let open: String

    private var uri: String { "/socket.io/?EIO=4&transport=polling&sid=\(sid)" }
    /// Where it would be upgraded.
    var upgradeURI: String { "/socket.io/?EIO=4&transport=websocket&sid=\(sid)" }

    /// Opens a session.
    init(_ server: PracticeServer, path: String = "/socket.io/") async throws {
        port = server.port
        let answer = try await RawClient.talk(to: server.port) {
            try await $0.request("GET", "\(path)?EIO=4&transport=polling")
        }
        guard answer.status == 200, let packet = answer.body.split(separator: "\u{1E}").first, packet.first == "0",
            let match = packet.firstMatch(of: /"sid":"([^"]+)"/)
        else { throw PollingError.notOpened(answer.status, answer.body) }
        open = String(packet.dropFirst())
        sid = String(match.1)
    }

    /// Opens a session and joins a namespace.
    static func joined(_ server: PracticeServer, _ namespace: String = "") async throws -> PollingClient {
        let client = try await PollingClient(server)
        _ = try await client.post("40\(namespace)")
        _ = try await client.poll()
        return client
    }

    /// Waits for packets.
    func poll() async throws -> Answer {
        Answer(try await RawClient.talk(to: port) { try await $0.request("GET", uri) })
    }

    /// Brings packets.
    func post(_ body: String, headers: [String] = []) async throws -> Answer {
        Answer(try await RawClient.talk(to: port) { try await $0.request("POST", uri, body: body, headers: headers) })
    }

    /// Asks for packets, and makes another request while it waits for them; both answers.
    func polling(
        _ other: @Sendable () async throws -> Answer
    ) async throws -> (poll: Answer, other: Answer) {
        try await RawClient.talk(to: port) { client in
            try await client.send("GET \(uri) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            // The server has read the request before it answers the next one.
            _ = try await RawClient.talk(to: port) { try await $0.request("GET", "/health") }
            let answer = try await other()
            return (Answer(try await client.response()), answer)
        }
    }
}

enum PollingError: Error {
    case notOpened(Int, String)
}

/// Status and body of an answer.
struct Answer: Equatable {
    var status: Int
    var body: String

    init(_ status: Int, _ body: String) {
        self.status = status
        self.body = body
    }

    init(_ answer: (status: Int, body: String)) {
        self.init(answer.status, answer.body)
    }
}

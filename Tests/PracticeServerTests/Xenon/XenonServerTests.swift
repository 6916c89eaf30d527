import Testing
import Wire

@testable import PracticeServer

/// What the server does for dialects that ask for credentials, byte by byte.
@Suite(.timeLimit(.minutes(1))) struct XenonServerTests {
    private func withXenon(_ body: (PracticeServer) async throws -> Void) async throws -> Truth {
        try await withServer(configure: { $0.system = "xenon" }, body)
    }

    @Test("A refused client gets a CONNECT_ERROR, is in no namespace, and may try again")
    func refusal() async throws {
        let truth = try await withXenon { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade()
                _ = try await client.frame()
                try await client.sendText(#"40{"apiKey":"made-up"}"#)
                #expect(try await client.text() == #"44{"message":"unauthorized"}"#)
                try await client.sendText(#"40{"apiKey":"practice-key"}"#)
                #expect(try await client.text().hasPrefix(#"40{"sid":""#))
                try await client.sendText(#"420["handshake",{"version":"1.0.0"}]"#)
                #expect(try await client.text() == #"430[{"ok":true}]"#)
            }
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade()
                _ = try await client.frame()
                try await client.sendText("40")
                #expect(try await client.text() == #"44{"message":"unauthorized"}"#)
                try await client.sendText(#"42["register_dashboard"]"#)
                _ = try await client.close()
            }
        }
        #expect(truth.messages.connectErrors == 2)
        #expect(truth.messages.connects == 1)
        #expect(truth.messages.received == ["handshake": 1])
        #expect(truth.connections.protocolErrors == 1)
    }

    @Test("Headers of the upgrade and of the first poll are credentials, a login's cookie with them")
    func headers() async throws {
        let truth = try await withXenon { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.upgrade(headers: ["X-Xenon-Node-Secret: practice-secret"])
                _ = try await client.frame()
                try await client.sendText("40")
                #expect(try await client.text().hasPrefix("40{"))
                try await client.sendText(#"42["register_dashboard"]"#)
                #expect(try await client.text() == "41")
                _ = try await client.close()
            }
            let cookie = try await RawClient.talk(to: server.port) { client in
                let body = #"{"apiKey":"practice-key"}"#
                let lines = [
                    "POST /xenon/api/auth/dashboard-session HTTP/1.1", "Host: localhost",
                    "Content-Length: \(body.utf8.count)",
                ]
                try await client.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
                let head = try await client.head()
                return head.firstMatch(of: #/Set-Cookie: (xenon_dashboard_session=[0-9a-f]{32}); Path=\/; HttpOnly/#)
                    .map { String($0.1) }
            }
            let session = try #require(cookie)
            let open = try await RawClient.talk(to: server.port) {
                try await $0.request(
                    "GET",
                    "/socket.io/?EIO=4&transport=polling",
                    headers: ["Cookie: theme=dark; \(session)"]
                )
            }
            let sid = try #require(open.body.firstMatch(of: #/"sid":"([^"]+)"/#)?.1)
            let uri = "/socket.io/?EIO=4&transport=polling&sid=\(sid)"
            _ = try await RawClient.talk(to: server.port) { try await $0.request("POST", uri, body: "40") }
            let answer = try await RawClient.talk(to: server.port) { try await $0.request("GET", uri) }
            #expect(answer.body.hasPrefix(#"40{"sid":""#))
        }
        #expect(truth.messages.connects == 2)
        #expect(truth.messages.connectErrors == 0)
        #expect(truth.http["POST /xenon/api/auth/dashboard-session 200"] == 1)
        #expect(truth.connections.closedByServer == 1)
    }
}

import NIOCore
import NIOPosix
import Testing

@testable import PracticeServer

@Suite(.timeLimit(.minutes(1))) struct PollingEndToEndTests {
    @Test("A session opens by a request, joins by the next, and gets what was said meanwhile by a third")
    func visit() async throws {
        let truth = try await withServer { server in
            let client = try await PollingClient(server)
            let rest =
                #/\{"sid":"[^"]{20}","upgrades":\["websocket"\],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000\}/#
            #expect(client.open.wholeMatch(of: rest) != nil, "\(client.open)")
            #expect(try await client.post("40") == Answer(200, "ok"))
            #expect(try await client.poll().body.wholeMatch(of: #/40\{"sid":"[^"]{20}"\}/#) != nil)
            #expect(try await client.post("421[\"echo\",1]\u{1E}422[\"echo\",2]\u{1E}3") == Answer(200, "ok"))
            #expect(try await client.poll() == Answer(200, "431[1]\u{1E}432[2]"))
            let late = try await client.polling { try await client.post(#"423["echo","größe"]"#) }
            #expect(late.poll == Answer(200, #"433["größe"]"#))
            #expect(late.other == Answer(200, "ok"))
            #expect(try await client.post("1") == Answer(200, "ok"))
            #expect(try await client.poll() == Answer(400, #"{"code":1,"message":"Session ID unknown"}"#))
        }
        #expect(truth.connections.accepted == 1)
        #expect(truth.connections.openedByPolling == 1)
        #expect(truth.connections.closedByClient == 1)
        #expect(truth.connections.open == 0)
        #expect(truth.messages.received == ["echo": 3])
        #expect(truth.messages.acksSent == 3)
        #expect(truth.http["POST /socket.io/ 200"] == 4)
        #expect(truth.http["GET /socket.io/ 200"] == 4)
        #expect(truth.http["GET /socket.io/ 400"] == 1)
    }

    @Test("Close by a request ends the poll that waits with a noop")
    func closeWhilePolling() async throws {
        try await withServer { server in
            let client = try await PollingClient.joined(server)
            let answers = try await client.polling { try await client.post("1") }
            #expect(answers.poll == Answer(200, "6"))
            #expect(answers.other == Answer(200, "ok"))
        }
    }

    @Test("A second poll beside the first ends the session")
    func overlap() async throws {
        let truth = try await withServer { server in
            let client = try await PollingClient.joined(server)
            let answers = try await client.polling { try await client.poll() }
            #expect(answers.poll == Answer(200, "1"))
            #expect(answers.other == Answer(400, ""))
            #expect(try await client.poll().status == 400)
        }
        #expect(truth.connections.protocolErrors == 1)
    }

    @Test("A second request with packets beside the first ends the session")
    func overlappingPosts() async throws {
        let truth = try await withServer { server in
            let client = try await PollingClient.joined(server)
            try await RawClient.talk(to: server.port) { slow in
                let uri = "/socket.io/?EIO=4&transport=polling&sid=\(client.sid)"
                try await slow.send("POST \(uri) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n421[\"")
                _ = try await RawClient.talk(to: server.port) { try await $0.request("GET", "/health") }
                #expect(try await client.post("3") == Answer(400, ""))
                try await slow.send("echo\"]")
                #expect(try await slow.response().status == 400)
            }
        }
        #expect(truth.connections.protocolErrors == 1)
        #expect(truth.messages.received.isEmpty)
    }

    @Test(
        "A payload that breaks the protocol of Engine.IO ends the session at once",
        arguments: ["", "abc", "\u{1E}", "3\u{1E}", "2", "b?", "bAAA", "3\u{1E}xyz"]
    )
    func malformed(payload: String) async throws {
        let truth = try await withServer { server in
            let client = try await PollingClient.joined(server)
            #expect(try await client.post(payload).status == 400)
            #expect(try await client.poll() == Answer(400, #"{"code":1,"message":"Session ID unknown"}"#))
        }
        #expect(truth.connections.protocolErrors == 1)
    }

    @Test("A payload that breaks the protocol of Socket.IO ends the session, as the next poll learns")
    func violation() async throws {
        let truth = try await withServer { server in
            let client = try await PollingClient.joined(server)
            #expect(try await client.post(#"421["echo",1]"# + "\u{1E}42{}").status == 400)
            #expect(try await client.poll() == Answer(200, "431[1]"))
            #expect(try await client.poll() == Answer(200, "1"))
            #expect(try await client.poll().status == 400)
        }
        #expect(truth.connections.protocolErrors == 1)
    }

    @Test("A payload beyond maxPayload gets 413, and the session goes on")
    func tooLarge() async throws {
        try await withServer {
            $0.maxPayload = 1000
        } _: { server in
            let client = try await PollingClient.joined(server)
            let large = String(repeating: "x", count: 1000)
            #expect(try await client.post(#"421["echo","\#(large)"]"#).status == 413)
            #expect(try await client.post(#"422["echo",2]"#).status == 200)
            #expect(try await client.poll().body == "432[2]")
        }
    }

    @Test("A payload that says it is binary gets 400, and the session ends")
    func octets() async throws {
        try await withServer { server in
            let client = try await PollingClient.joined(server)
            #expect(try await client.post("3", headers: ["Content-Type: application/octet-stream"]).status == 400)
            #expect(try await client.poll().status == 400)
        }
    }

    @Test("Other methods than GET and POST get 500 from a session, and 400 where they would open one")
    func methods() async throws {
        try await withServer { server in
            let client = try await PollingClient(server)
            try await RawClient.talk(to: server.port) {
                let uri = "/socket.io/?EIO=4&transport=polling"
                #expect(try await $0.request("PUT", "\(uri)&sid=\(client.sid)").status == 500)
                let answer = Answer(try await $0.request("PUT", uri))
                #expect(answer == Answer(400, #"{"code":2,"message":"Bad handshake method"}"#))
            }
        }
    }

    @Test("A client that goes away while it polls has left")
    func vanished() async throws {
        let truth = try await withServer { server in
            let client = try await PollingClient.joined(server)
            try await RawClient.talk(to: server.port) { gone in
                let uri = "/socket.io/?EIO=4&transport=polling&sid=\(client.sid)"
                try await gone.send("GET \(uri) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                _ = try await RawClient.talk(to: server.port) { try await $0.request("GET", "/health") }
            }
            // The end of that connection reaches the server at some time; until then a poll overlaps, which is an end too.
            #expect(try await client.poll().status == 400)
        }
        #expect(truth.connections.open == 0)
    }

    @Test("Pings come by polling; without a pong the session is gone")
    func heartbeat() async throws {
        let truth = try await withServer {
            $0.pingInterval = .milliseconds(100)
            $0.pingTimeout = .milliseconds(2_000)
        } _: { server in
            let client = try await PollingClient(server)
            #expect(try await client.poll() == Answer(200, "2"))
            #expect(try await client.post("3") == Answer(200, "ok"))
            #expect(try await client.poll() == Answer(200, "2"))
            #expect(try await client.poll() == Answer(200, "1"))
            #expect(try await client.poll().status == 400)
        }
        #expect(truth.messages.pingsSent == 2)
        #expect(truth.messages.pongsReceived == 1)
        #expect(truth.connections.heartbeatMissed == 1)
    }

    @Test("A server without a transport knows none of that name, and offers no upgrade to it")
    func transports() async throws {
        try await withServer {
            $0.transports = [.polling]
        } _: { server in
            let client = try await PollingClient(server)
            #expect(client.open.contains(#""upgrades":[]"#))
            try await RawClient.talk(to: server.port) {
                let head = try await $0.upgrade()
                #expect(head.hasPrefix("HTTP/1.1 400 "))
            }
        }
        try await withServer {
            $0.transports = [.webSocket]
        } _: { server in
            await #expect(throws: PollingError.self) { try await PollingClient(server) }
        }
    }

    @Test("The cookie names the session, where it is wanted, and only in the answer that opens it")
    func cookie() async throws {
        try await withServer {
            $0.setsCookie = true
        } _: { server in
            try await RawClient.talk(to: server.port) { client in
                try await client.send("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let head = try await client.head()
                #expect(head.contains(#/\r\nSet-Cookie: io=[0-9a-f]{20}; Path=\/; HttpOnly; SameSite=Lax\r\n/#))
                #expect(head.contains("\r\nCache-Control: no-store\r\n"))
                #expect(head.contains("\r\nContent-Type: text/plain; charset=UTF-8\r\n"))
            }
            let client = try await PollingClient(server)
            try await RawClient.talk(to: server.port) {
                try await $0.send(
                    "POST /socket.io/?EIO=4&transport=polling&sid=\(client.sid) HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Length: 1\r\n\r\n3"
                )
                let head = try await $0.head()
                #expect(!head.contains("Set-Cookie"))
                #expect(head.contains("\r\nContent-Type: text/html\r\n"))
            }
        }
    }

    @Test("Pages of allowed origins may read the answers and ask before; others may not")
    func crossOrigin() async throws {
        try await withServer { server in
            try await RawClient.talk(to: server.port) { client in
                let uri = "/socket.io/?EIO=4&transport=polling"
                try await client.send("GET \(uri) HTTP/1.1\r\nHost: a\r\nOrigin: http://localhost:8080\r\n\r\n")
                let head = try await client.head()
                #expect(head.contains("\r\nAccess-Control-Allow-Origin: http://localhost:8080\r\n"))
                #expect(head.contains("\r\nAccess-Control-Allow-Credentials: true\r\n"))
                #expect(head.contains("\r\nVary: Origin\r\n"))
            }
            try await RawClient.talk(to: server.port) { client in
                let question =
                    " HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.example\r\nAccess-Control-Request-Method: POST\r\n"
                    + "Access-Control-Request-Headers: content-type\r\n\r\n"
                try await client.send("OPTIONS /socket.io/?EIO=4&transport=polling&sid=x" + question)
                let head = try await client.head()
                #expect(head.hasPrefix("HTTP/1.1 204 "))
                #expect(head.contains("\r\nAccess-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\n"))
                #expect(head.contains("\r\nAccess-Control-Allow-Headers: content-type\r\n"))
                try await client.send("OPTIONS /api/chat" + question)
                #expect(try await client.head().hasPrefix("HTTP/1.1 204 "))
                let uri = "/socket.io/?EIO=4&transport=polling"
                let evil = Answer(try await client.request("GET", uri, headers: ["Origin: https://evil.example"]))
                #expect(evil == Answer(403, #"{"code":4,"message":"Forbidden"}"#))
            }
        }
    }

    @Test("A client that is kicked while it does not poll learns it by the next poll")
    func kicked() async throws {
        let truth = try await withServer { server in
            let older = try await PollingClient.joined(server)
            _ = try await older.post(#"42["join_session","s1"]"#)
            #expect(try await older.poll().body.contains(#""restored":false"#))
            let newer = try await PollingClient.joined(server)
            _ = try await newer.post(#"42["join_session","s1"]"#)
            #expect(try await newer.poll().body.contains(#""restored":true"#))
            #expect(try await older.poll() == Answer(200, "41"))
            #expect(try await older.poll() == Answer(200, "1"))
            #expect(try await older.poll().status == 400)
        }
        #expect(truth.connections.kicked == 1)
    }

    @Test("The faults latency, refuse and kill-after mean polling, too")
    func faults() async throws {
        let truth = try await withServer([.latency(.milliseconds(5), jitter: .zero), .refuse(0.5)]) { server in
            let client = try await PollingClient.joined(server)
            await #expect(throws: PollingError.self) { try await PollingClient(server) }
            _ = try await client.post(#"421["echo",1]"#)
            #expect(try await client.poll() == Answer(200, "431[1]"))
        }
        #expect(truth.connections.refused == 1)
        #expect(truth.http["GET /socket.io/ 503"] == 1)
        #expect(truth.messages.delayed == 2)
        let killed = try await withServer([.killAfter(.milliseconds(600))]) { server in
            let client = try await PollingClient(server)
            await #expect(throws: IOError.self) { while try await client.poll().status == 200 {} }
            #expect(try await client.poll() == Answer(400, #"{"code":1,"message":"Session ID unknown"}"#))
        }
        #expect(killed.connections.killed == 1)
    }
}

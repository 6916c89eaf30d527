import Foundation
import PracticeServer
import Testing

/// Clients that others wrote, against the practice server in this process.
@Suite("Clients of others against the practice server", .serialized, .needsPeers, .timeLimit(.minutes(1)))
struct OfficialClientTests {
    /// A client that does all there is to do: events, acknowledgements, streams, tasks, a refused namespace, a kick.
    enum Client: String, CaseIterable, CustomTestStringConvertible {
        case python, javaScript

        var testDescription: String {
            switch self {
            case .python: "python-socketio"
            case .javaScript: "the official JavaScript client"
            }
        }

        func command(url: String, questions: Int) throws -> [String] {
            switch self {
            case .python:
                [Needs.python, try Needs.peer("python_client.py"), url, "\(questions)"]
            case .javaScript:
                ["NODE_PATH=\(Needs.nodePackages)", "node", try Needs.peer("javascript_client.cjs")]
                    + [Needs.javaScriptClient, url, "\(questions)"]
            }
        }

        /// A client that echoes binary values in three namespaces.
        func echoCommand(url: String, transports: String, echoes: Int) throws -> [String] {
            switch self {
            case .python:
                [Needs.python, try Needs.peer("python_echo_client.py"), url, transports, "\(echoes)"]
            case .javaScript:
                ["NODE_PATH=\(Needs.nodePackages)", "node", try Needs.peer("javascript_echo_client.cjs")]
                    + [Needs.javaScriptClient, url, transports, "\(echoes)"]
            }
        }

        /// What it says where the server disconnected it.
        var serverDisconnect: String {
            switch self {
            case .python: "server disconnect"
            case .javaScript: "io server disconnect"
            }
        }
    }

    /// The last line of a client's output: what it saw.
    private struct Seen: Decodable {
        var connects: Int
        var connectErrors: [String]
        var chunks: Int
        var dones: Int
        var plans: Int
        var completed: Int
        /// Answers whose end says what their chunks said.
        var whole: Int
        /// The statuses of the questions.
        var answers: [Int]
        var restored: [Bool]
        var kicked: Int
        var acks: [Acknowledgement]
    }

    /// What an acknowledgement carried.
    private enum Acknowledgement: Decodable, Equatable {
        case accepted
        case text(String)
        case other

        private enum CodingKeys: String, CodingKey {
            case ok
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                self = .text(text)
            } else if let object = try? decoder.container(keyedBy: CodingKeys.self),
                (try? object.decode(Bool.self, forKey: .ok)) == true
            {
                self = .accepted
            } else {
                self = .other
            }
        }
    }

    @Test("a client sees what the server counts", arguments: Client.allCases)
    func everything(_ client: Client) async throws {
        let questions = 4
        let server = try await PracticeServer.start(.init(system: "leflux", port: 0, seed: 3))
        let command = try client.command(url: "http://127.0.0.1:\(server.port)", questions: questions)
        let line: String
        do {
            line = try await Script.run(command)
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
        let truth = await server.truth()
        let seen = try JSONDecoder().decode(Seen.self, from: Data(line.utf8))

        #expect(seen.connects == truth.messages.connects)
        #expect(seen.connectErrors == ["Invalid namespace"])
        #expect(truth.messages.connectErrors == 1)
        #expect(seen.acks == [.accepted, .text("a"), .other, .other, .accepted])
        #expect(seen.acks.count == truth.messages.acksSent)
        #expect(seen.answers == Array(repeating: 200, count: questions))
        #expect(truth.http == ["POST /api/chat 200": questions])
        #expect(seen.chunks == truth.chunks.sent)
        #expect(seen.chunks > 0)
        #expect(seen.dones == questions)
        #expect(seen.whole == truth.streams.completed)
        #expect(seen.plans == truth.plans.sent)
        #expect(seen.plans >= questions)
        #expect(seen.completed == truth.tasks.completed)
        #expect(seen.completed == questions)
        #expect(seen.restored == [false, true])
        #expect(seen.kicked == truth.connections.kicked)
        #expect(seen.kicked == 1)
        #expect(truth.connections.protocolErrors == 0)
        #expect(truth.injected.isEmpty)
    }

    /// How a client is told to connect.
    enum Carriage: String, CaseIterable, CustomTestStringConvertible {
        case polling
        case upgrade = "polling,websocket"
        case webSocket = "websocket"

        var testDescription: String { rawValue }
    }

    /// The last line of a client's output against the echo server.
    private struct Echoed: Decodable {
        var transport: String
        var namespaces: Int
        var echoed: Int
        var acknowledged: Int
        var answered: Int
        var slow: Int
        var disconnects: [String]
    }

    @Test(
        "binary, acknowledgements both ways and three namespaces, on every transport",
        arguments: Client.allCases,
        Carriage.allCases
    )
    func echo(_ client: Client, _ carriage: Carriage) async throws {
        let echoes = 10
        let server = try await PracticeServer.start(.init(system: "echo", port: 0))
        let url = "http://127.0.0.1:\(server.port)"
        let line: String
        do {
            line = try await Script.run(client.echoCommand(url: url, transports: carriage.rawValue, echoes: echoes))
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
        let truth = await server.truth()
        let seen = try JSONDecoder().decode(Echoed.self, from: Data(line.utf8))

        #expect(seen.transport == (carriage == .polling ? "polling" : "websocket"))
        #expect(seen.namespaces == 3)
        #expect(truth.messages.connects == 3)
        #expect(seen.echoed == 3 * echoes)
        #expect(truth.messages.sent["echo"] == seen.echoed)
        #expect(seen.acknowledged == 3 * echoes)
        #expect(truth.messages.received == ["echo": 3 * echoes, "ask": 3, "slow": 1, "bye": 1])
        #expect(seen.answered == 3)
        #expect(truth.messages.acksReceived == 3)
        #expect(seen.slow == 1)
        #expect(seen.disconnects == Array(repeating: client.serverDisconnect, count: 3))
        #expect(truth.connections.accepted == 1)
        #expect(truth.connections.openedByPolling == (carriage == .webSocket ? 0 : 1))
        #expect(truth.connections.upgraded == (carriage == .upgrade ? 1 : 0))
        #expect(truth.connections.closedByServer == 1)
        #expect(truth.connections.protocolErrors == 0)
    }
}

import NIOCore
import NIOHTTP1
import Testing
import Wire

@testable import PracticeServer

/// Drives a dialect of plain WebSockets through time without a server.
struct SocketDriver<D: Dialect> {
    /// How the dialect ended a connection.
    struct Closing: Hashable {
        var end: ConnectionEnd
        var code: UInt16?
        var reason: String
    }

    var dialect: D
    var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private(set) var inbox: [SocketID: [(name: String, message: JSONValue)]] = [:]
    private(set) var closed: [SocketID: Closing] = [:]
    private(set) var log: [InjectedFault] = []
    private var output = DialectOutput()
    private var sockets: UInt32 = 0

    init(seed: UInt64 = 7, _ faults: [Fault] = []) {
        let clock = WallClock(epochMilliseconds: 1_700_000_000_000, at: now)
        dialect = D(seed: seed, faults: FaultPlan(faults), clock: clock)
    }

    var truth: Truth {
        var truth = Truth(system: D.system, seed: 0, faults: [], startedAt: 0, countedAt: 0)
        dialect.count(into: &truth)
        return truth
    }

    func names(_ socket: SocketID) -> [String] { inbox[socket, default: []].map(\.name) }

    func messages(_ socket: SocketID, _ name: String? = nil) -> [JSONValue] {
        inbox[socket, default: []].filter { name == nil || $0.name == name }.map(\.message)
    }

    /// Payloads of the messages with this name.
    func payloads(_ socket: SocketID, _ name: String) -> [JSONValue] {
        messages(socket, name).map { $0["payload"] ?? .null }
    }

    /// - Throws: `Refused` where the dialect turns the client down.
    mutating func open(_ uri: String = "/") throws -> SocketID {
        let request = SocketRequest(target: RequestTarget(uri), address: "127.0.0.1", headers: [:])
        if case .refused(let status, _) = dialect.admit(request, at: now, output: &output) {
            throw Refused(status: status)
        }
        sockets += 1
        let socket = SocketID(slot: Int32(sockets), ordinal: sockets)
        dialect.open(socket, request, at: now, output: &output)
        drain()
        return socket
    }

    mutating func close(_ socket: SocketID) {
        dialect.disconnect(socket, namespace: 0, at: now, output: &output)
        drain()
    }

    @discardableResult
    mutating func send(_ text: String, from socket: SocketID) -> String {
        let name = dialect.receive(.text(ByteBuffer(string: text)), from: socket, at: now, output: &output)
        drain()
        return name
    }

    mutating func sendBinary(_ bytes: [UInt8], from socket: SocketID) {
        _ = dialect.receive(.binary(ByteBuffer(bytes: bytes)), from: socket, at: now, output: &output)
        drain()
    }

    mutating func congest(_ socket: SocketID, _ isCongested: Bool) {
        dialect.congestion(of: socket, isCongested: isCongested, at: now, output: &output)
        drain()
    }

    mutating func silence(_ socket: SocketID) {
        dialect.silence(socket, at: now, output: &output)
        drain()
    }

    @discardableResult
    mutating func request(_ method: String, _ path: String, _ body: String = "") -> (Int, JSONValue) {
        let request = DialectRequest(
            method: method,
            path: path,
            address: "127.0.0.1",
            body: JSONPayload(validating: ByteBuffer(string: body))
        )
        let response = dialect.respond(to: request, at: now, output: &output)
        drain()
        return (response.status, (try? JSONValue(parsing: Array(response.body.readableBytesView))) ?? .null)
    }

    /// Lets time pass, from deadline to deadline.
    mutating func pass(_ time: TimeAmount) {
        let end = now + time
        while let next = dialect.nextDeadline, next <= end {
            now = max(now, next)
            dialect.advance(to: now, output: &output)
            drain()
        }
        now = end
    }

    private mutating func drain() {
        var next = 0
        while next < output.actions.count {
            switch output.actions[next] {
            case .send(let socket, let event, let message, _):
                let value = try? JSONValue(parsing: Array(message.readableBytesView))
                if value == nil { Issue.record("No JSON: \(String(buffer: message))") }
                if closed[socket] == nil {
                    inbox[socket, default: []].append((D.sentEvents[event], value ?? .null))
                }
            case .close(let socket, let end, let code, let reason):
                guard closed[socket] == nil else { break }
                closed[socket] = Closing(end: end, code: code, reason: reason)
                dialect.disconnect(socket, namespace: 0, at: now, output: &output)
            case .sendBinary, .acknowledge, .kick:
                Issue.record("A dialect of plain WebSockets does nothing of this kind.")
            }
            next += 1
        }
        output.actions.removeAll()
        log = output.log.faults
    }
}

/// An upgrade that a dialect turned down.
struct Refused: Error, Hashable {
    var status: Int
}

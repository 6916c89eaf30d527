import Foundation
import Testing

/// A server in a process of its own that a test may kill at any moment, and start again on the same port.
actor RestartablePeer {
    /// Where it listens on 127.0.0.1, in each of its lives.
    nonisolated let port: Int
    /// What it writes down as it goes; `{t, event, …}` in each line.
    nonisolated let log: URL
    private let command: @Sendable (_ port: Int) -> [String]
    private var process: Process

    private init(_ process: Process, port: Int, log: URL, command: @escaping @Sendable (Int) -> [String]) {
        self.process = process
        self.port = port
        self.log = log
        self.command = command
    }

    /// Starts a server on a free port, and ends it after the closure, however that ends.
    ///
    /// - Parameter command: The program and its arguments for a port, and a file to which the server appends its log; it
    ///   says a line that begins with `listening` and ends with its port as soon as it takes connections.
    static func with<Result: Sendable>(
        _ command: @escaping @Sendable (_ port: Int, _ log: String) -> [String],
        _ body: @Sendable (RestartablePeer) async throws -> Result
    ) async throws -> Result {
        let log = FileManager.default.temporaryDirectory.appending(path: "peer-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: log) }
        let line: @Sendable (Int) -> [String] = { command($0, log.path) }
        let (process, port) = try await launch(line(0))
        let peer = RestartablePeer(process, port: port, log: log, command: line)
        do {
            let result = try await body(peer)
            await peer.kill()
            return result
        } catch {
            await peer.kill()
            throw error
        }
    }

    /// python-socketio on aiohttp, which announces its interval in whole seconds.
    static func withSocketIO<Result: Sendable>(
        heartbeat: (interval: Int, timeout: Double) = (25, 20),
        _ body: @Sendable (RestartablePeer) async throws -> Result
    ) async throws -> Result {
        try await withPython("restartable_socketio_server.py", heartbeat, body)
    }

    /// The package websockets.
    static func withWebSockets<Result: Sendable>(
        heartbeat: (interval: Int, timeout: Double) = (20, 20),
        _ body: @Sendable (RestartablePeer) async throws -> Result
    ) async throws -> Result {
        try await withPython("restartable_websocket_server.py", heartbeat, body)
    }

    /// The practice server of this package.
    ///
    /// - Parameter options: Further arguments, such as `--fault`, `buffer=1MB`.
    static func withPractice<Result: Sendable>(
        _ system: String,
        _ options: [String] = [],
        _ body: @Sendable (RestartablePeer) async throws -> Result
    ) async throws -> Result {
        try await with({ [Needs.reprise, "practice", system, "--port", "\($0)", "--log", $1] + options }, body)
    }

    private static func withPython<Result: Sendable>(
        _ name: String,
        _ heartbeat: (interval: Int, timeout: Double),
        _ body: @Sendable (RestartablePeer) async throws -> Result
    ) async throws -> Result {
        let script = try Needs.peer(name)
        return try await with(
            { [Needs.python, script, "\($0)", $1, "\(heartbeat.interval)", "\(heartbeat.timeout)"] },
            body
        )
    }

    /// Ends it as a crash does, with SIGKILL; returns when it is gone.
    func kill() {
        guard process.isRunning else { return }
        // By its id: what it has in its hands is lost.
        _ = Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Starts it again on the same port.
    func restart() async throws {
        kill()
        process = try await Self.launch(command(port)).process
    }

    /// The lines of the log, of all lives.
    nonisolated func lines() throws -> [PeerLine] {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(PeerLine.self, from: Data($0.utf8))
        }
    }

    private static func launch(_ command: [String]) async throws -> (process: Process, port: Int) {
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let line = await firstLine(of: output.fileHandleForReading)
        guard line.hasPrefix("listening"), let port = Int(line.split { !$0.isNumber }.last ?? "") else {
            process.terminate()
            throw PeerError(description: "The server did not say that it listens: \(line)")
        }
        return (process, port)
    }

    private static func firstLine(of handle: FileHandle) async -> String {
        await withCheckedContinuation { continuation in
            // A thread of its own: a blocking read must not hold one that tasks run on.
            Thread.detachNewThread {
                var line: [UInt8] = []
                while let byte = try? handle.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") { line.append(byte) }
                continuation.resume(returning: String(decoding: line, as: UTF8.self))
            }
        }
    }
}

/// What a restartable server wrote down; the members that its kind of line has.
struct PeerLine: Decodable, Sendable {
    /// Milliseconds since 1970.
    var t: Int64
    /// `connect` and `disconnect`, and of the practice server `opened`, `lost` and `refused`.
    var event: String
    var client: String?
    var sid: String?
    var reason: String?
    var how: String?
    var code: Int?
    var status: Int?
    var n: Int?
    var counts: [String: Int]?
    var received: Int?
    var sent: Int?
}

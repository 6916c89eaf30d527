import Foundation
import Subprocess
import Testing

/// A server in a process of its own, for the time of one closure.
actor Peer {
    typealias Running = Execution<NoInput, SequenceOutput, CombinedErrorOutput>
    typealias Lines = SubprocessOutputSequence.StringSequence<UTF8>

    /// Where it listens on 127.0.0.1.
    nonisolated let port: Int
    private nonisolated let running: Running
    private var lines: Lines.AsyncIterator

    private init(_ running: Running, port: Int, lines: sending Lines.AsyncIterator) {
        self.running = running
        self.port = port
        self.lines = lines
    }

    /// Starts a server, waits until it says `listening`, and ends it after the closure, however that ends.
    ///
    /// - Parameter command: The program and its arguments; it writes a line that begins with `listening` and ends with
    ///   its port as soon as it takes connections.
    static func with<Result: Sendable>(
        _ command: [String],
        _ body: @Sendable (Peer) async throws -> Result
    ) async throws -> Result {
        // `env` becomes the program, with the same process id.
        try await run(
            .name("env"),
            arguments: Arguments(command),
            input: .none,
            output: .sequence,
            error: .combinedWithOutput
        ) { running in
            // Not `terminate`: a peer that is stopped, or does not end by itself, has to go as well.
            defer { try? running.send(signal: .kill) }
            var lines = running.standardOutput.strings().makeAsyncIterator()
            let port = try await port(from: &lines)
            return try await body(Peer(running, port: port, lines: lines))
        }.closureResult
    }

    /// python-socketio's server on one of its engines.
    ///
    /// - Parameter heartbeat: Its ping interval and timeout, in seconds; it announces the interval in whole ones.
    static func withPythonServer<Result: Sendable>(
        _ engine: String,
        heartbeat: (interval: Int, timeout: Double) = (25, 20),
        _ body: @Sendable (Peer) async throws -> Result
    ) async throws -> Result {
        let script = try Needs.peer("python_socketio_server.py")
        let command = [Needs.python, script, "0", engine, "\(heartbeat.interval)", "\(heartbeat.timeout)"]
        return try await with(command, body)
    }

    /// Stops its clock: it does nothing more, while the kernel goes on to accept its connections.
    nonisolated func freeze() throws { try running.send(signal: .suspend) }

    /// Lets it go on.
    nonisolated func thaw() throws { try running.send(signal: .resume) }

    /// Asks it to end, and returns the last line of its output.
    func lastWords() async throws -> String {
        try running.send(signal: .terminate)
        var last = ""
        var lines = lines
        while let line = try await lines.next(isolation: self) {
            if line.hasPrefix("{") { last = line }
        }
        return last
    }

    /// Reads so many lines of its output.
    func read(lines count: Int) async throws {
        var lines = lines
        for _ in 0..<count where try await lines.next(isolation: self) == nil {
            throw PeerError(description: "The peer ended before it had said \(count) lines.")
        }
        self.lines = lines
    }

    private static func port(from lines: inout Lines.AsyncIterator) async throws -> Int {
        var said: [String] = []
        while let line = try await lines.next(isolation: nil) {
            said.append(line)
            guard line.hasPrefix("listening") else { continue }
            return try #require(Int(line.split { !$0.isNumber }.last ?? ""), "no port in: \(line)")
        }
        throw PeerError(description: "The server ended before it listened: \(said.joined(separator: "\n"))")
    }
}

/// What a peer did that no test can go on with.
struct PeerError: Error, CustomStringConvertible {
    var description: String
}

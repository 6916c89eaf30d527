import Foundation
import LoadRunner
import Scenarios

/// The practice server that runs beside a run, as a process of its own, so that it takes no CPU time from the
/// generator's and is not counted with it.
enum PracticeProcess {
    /// Starts it on a free port.
    ///
    /// - Throws: `RunError` with what the server said.
    static func start(system: String, faults: [String], seed: UInt64) async throws -> StartedTarget {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executablePath)
        process.arguments =
            ["practice", system, "--port", "0", "--seed", "\(seed)", "--until-stdin-closes"]
            + faults.flatMap { ["--fault", $0] }
        let input = Pipe()
        let output = Pipe()
        let errors = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw RunError(.practice, "the practice server does not start", cause: error)
        }
        guard let line = await firstLine(of: output.fileHandleForReading), let port = port(in: line) else {
            process.waitUntilExit()
            let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            let reason = text.split(separator: "\n").first.map { $0.replacing("Error: ", with: "") }
            throw RunError(.practice, "the practice server does not start: \(reason ?? "it said nothing")")
        }
        let running = RunningProcess(process: process, input: input)
        let url = ServerURL(isSecure: false, host: "127.0.0.1", port: port)
        return StartedTarget(url: url, processID: process.processIdentifier) { running.stop() }
    }

    /// Where this program is; on Linux also when it was found by the search path.
    private static var executablePath: String {
        #if os(Linux)
            "/proc/self/exe"
        #else
            Bundle.main.executablePath ?? CommandLine.arguments[0]
        #endif
    }

    private static func firstLine(of handle: FileHandle) async -> String? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var line: [UInt8] = []
                while let byte = try? handle.read(upToCount: 1), let byte = byte.first {
                    if byte == UInt8(ascii: "\n") { break }
                    line.append(byte)
                }
                continuation.resume(returning: line.isEmpty ? nil : String(decoding: line, as: UTF8.self))
            }
        }
    }

    private static func port(in line: String) -> Int? {
        line.split(separator: ":").last.flatMap { Int($0) }
    }
}

/// The process, to be stopped once.
///
/// `@unchecked`: Foundation's process is not Sendable; it is touched once more after the start, by `stop`.
private final class RunningProcess: @unchecked Sendable {
    private let process: Process
    private let input: Pipe

    init(process: Process, input: Pipe) {
        self.process = process
        self.input = input
    }

    /// Closes its standard input, upon which it ends, unless a command of the scenario has ended it before.
    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

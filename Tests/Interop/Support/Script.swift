import Foundation
import Subprocess

/// A program that runs to its end, such as a client.
enum Script {
    /// Runs it and returns the last line of its output.
    ///
    /// - Throws: `PeerError` with all that it wrote, where it failed.
    static func run(_ command: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .name("env"),
            arguments: Arguments(command),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        let output = result.standardOutput
        guard result.terminationStatus.isSuccess, let last = output.split(separator: "\n").last else {
            throw PeerError(description: "\(result.terminationStatus): \(output)\(result.standardError)")
        }
        return String(last)
    }

    /// Runs it, and returns what it wrote to its standard output and how it ended.
    static func exit(_ command: [String]) async throws -> (output: String, code: Int32?) {
        let result = try await Subprocess.run(
            .name("env"),
            arguments: Arguments(command),
            output: .string(limit: 1 << 20),
            error: .discarded
        )
        let code: Int32? = if case .exited(let code) = result.terminationStatus { code } else { nil }
        return (result.standardOutput, code)
    }
}

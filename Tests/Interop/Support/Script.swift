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
}

import Foundation
import Testing

/// A program that some tests need, and that any Linux distribution has.
enum Tool: String, Sendable {
    case nginx, haproxy, openssl, chromium, prometheus, promtool

    /// Where it is; nil where it is not installed. Debian keeps servers in /usr/sbin, which is not on everybody's PATH.
    var path: String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (folders + ["/usr/sbin", "/usr/local/sbin"])
            .map { "\($0)/\(rawValue)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where one of the programs is missing, and says how to get it; under CI, lets it fail.
    static func needs(_ tools: Tool...) -> Self {
        let missing = tools.filter { $0.path == nil }.map(\.rawValue).joined(separator: " and ")
        return .enabled(
            if: missing.isEmpty || Needs.mustBeThere,
            "\(missing) is missing; run scripts/install-test-needs.sh"
        )
    }
}

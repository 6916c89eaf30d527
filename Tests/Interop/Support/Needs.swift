import Foundation
import Testing

/// What the tests of this target need beside Swift, and where it is.
///
/// `scripts/install-test-needs.sh` puts it there.
enum Needs {
    /// The folder of the package.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized

    static let python = root.appending(path: ".venv/bin/python").path
    static let javaScriptClient = root.appending(path: ".cache/socket.io.min.js").path
    /// Where Debian keeps the packages for Node.
    static let nodePackages = "/usr/share/nodejs"

    static let howToGet: Comment = "run scripts/install-test-needs.sh, which installs what this test needs"

    static var areThere: Bool {
        [python, javaScriptClient, "\(nodePackages)/ws"].allSatisfy { FileManager.default.fileExists(atPath: $0) }
    }

    /// Whether a test that cannot run is a failure.
    static var mustBeThere: Bool { ProcessInfo.processInfo.environment["CI"] == "true" }

    /// A script or server of this target's folder `Peers`.
    ///
    /// - Throws: What to do, where what it needs is missing.
    static func peer(_ name: String) throws -> String {
        guard areThere else { throw PeerError(description: howToGet.rawValue) }
        return try #require(Bundle.module.url(forResource: "Peers/\(name)", withExtension: nil)).path
    }

    /// The command line that this package builds; it stands beside the tests.
    static var reprise: String {
        Bundle.module.bundleURL.deletingLastPathComponent().appending(path: "reprise").path
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where the software is missing that it talks to, and says how to get it; under CI, lets it fail.
    static var needsPeers: Self {
        .enabled(if: Needs.areThere || Needs.mustBeThere, Needs.howToGet)
    }
}

/// The first line of a recording.
package struct RecordingHeader: Hashable, Sendable {
    /// The version that this program writes, and the newest that it reads.
    package static var currentVersion: Int { 1 }

    package var version: Int
    /// The server's URL: `wss://shop.example`.
    package var target: String
    /// What was spoken; nil where the recorder did not know.
    package var targetProtocol: Target.MessageProtocol?
    /// When time 0 was: `2026-01-31T09:05:00.007Z`; nil where the recorder did not know.
    package var recordedAt: String?
    /// The names of headers and fields whose values were replaced wherever they stood; empty where secrets were kept.
    package var redacted: [String]
    /// The names of headers that the recorder took away on the way through.
    package var removed: [String]

    package init(
        version: Int = Self.currentVersion,
        target: String,
        targetProtocol: Target.MessageProtocol? = nil,
        recordedAt: String? = nil,
        redacted: [String] = [],
        removed: [String] = []
    ) {
        self.version = version
        self.target = target
        self.targetProtocol = targetProtocol
        self.recordedAt = recordedAt
        self.redacted = redacted
        self.removed = removed
    }
}

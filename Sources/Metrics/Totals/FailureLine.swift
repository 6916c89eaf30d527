/// A failed client whose recording was kept.
package struct FailureLine: Hashable, Sendable {
    /// The recording's path.
    package var path: String
    package var group: String
    /// As in `errors.KIND`.
    package var kind: String
    package var step: String
    /// What happened, without secrets.
    package var example: String

    package init(path: String, group: String, kind: String, step: String, example: String) {
        self.path = path
        self.group = group
        self.kind = kind
        self.step = step
        self.example = example
    }

    var fileName: Substring { path.split(separator: "/").last ?? path[...] }
    var directory: Substring { path.dropLast(fileName.count) }
}

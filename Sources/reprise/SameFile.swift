import Foundation

/// Whether two paths lead to the same file, over whatever links.
enum SameFile {
    static func areSame(_ one: String, _ other: String) -> Bool {
        if let first = identity(one), let second = identity(other) { return first == second }
        return resolved(one) == resolved(other)
    }

    private static func identity(_ path: String) -> [UInt64]? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return [UInt64(truncatingIfNeeded: status.st_dev), UInt64(truncatingIfNeeded: status.st_ino)]
    }

    private static func resolved(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path(percentEncoded: false)
    }
}

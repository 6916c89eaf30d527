import Foundation

/// A file of the user's, read with a limit.
enum SourceFile {
    /// The text of a file of at most 1 MiB.
    static func text(path: String) throws(Diagnostic) -> String {
        func problem(_ code: Diagnostic.Code, _ message: String, _ help: String? = nil) -> Diagnostic {
            Diagnostic(
                code: code,
                message: message,
                place: SourcePlace(file: path, line: 1, column: 1),
                suggestion: help
            )
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw problem(.file, "there is no such file")
        }
        guard !isFolder.boolValue else { throw problem(.file, "this is a folder, not a scenario file") }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw problem(.file, "the file cannot be opened", "look at who may read it")
        }
        defer { try? handle.close() }
        var data = Data()
        do {
            // One byte more than is allowed shows that there is more, whatever the file's size is said to be.
            while data.count <= SourceTree.maximumBytes,
                let part = try handle.read(upToCount: SourceTree.maximumBytes + 1 - data.count), !part.isEmpty
            {
                data.append(part)
            }
        } catch {
            throw problem(.file, "the file cannot be read: \(error.localizedDescription)")
        }
        guard data.count <= SourceTree.maximumBytes else { throw problem(.limit, "the file is larger than 1 MiB") }
        guard let text = String(data: data, encoding: .utf8) else {
            throw problem(.file, "the file is not UTF-8", "save it as UTF-8")
        }
        return text
    }
}

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
        let bytes: [UInt8]
        switch Self.bytes(path: path, limit: SourceTree.maximumBytes) {
        case .success(let read): bytes = read
        case .failure(.closed): throw problem(.file, "the file cannot be opened", "look at who may read it")
        case .failure(.unreadable(let reason)): throw problem(.file, "the file cannot be read: \(reason)")
        case .failure(.tooLarge): throw problem(.limit, "the file is larger than 1 MiB")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw problem(.file, "the file is not UTF-8", "save it as UTF-8")
        }
        return text
    }

    /// Why a file was not read.
    enum Failure: Error {
        case closed
        case unreadable(String)
        case tooLarge
    }

    /// The bytes of a file that is not larger than the limit.
    static func bytes(path: String, limit: Int) -> Result<[UInt8], Failure> {
        guard let handle = FileHandle(forReadingAtPath: path) else { return .failure(.closed) }
        defer { try? handle.close() }
        var bytes: [UInt8] = []
        do {
            // One byte more than is allowed shows that there is more, whatever the file's size is said to be.
            while bytes.count <= limit,
                let part = try handle.read(upToCount: min(limit + 1 - bytes.count, 1 << 20)), !part.isEmpty
            {
                bytes.append(contentsOf: part)
            }
        } catch {
            return .failure(.unreadable(error.localizedDescription))
        }
        return bytes.count > limit ? .failure(.tooLarge) : .success(bytes)
    }
}

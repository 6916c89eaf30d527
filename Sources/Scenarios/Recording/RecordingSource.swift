import Foundation
import NIOCore

/// A file that holds what was said: a recording, or a HAR file.
package enum RecordingSource {
    /// Bytes of a HAR file, which is read as a whole.
    private static let maximumHAR = 256 << 20

    /// Reads the file as what it is.
    ///
    /// - Parameter keepsSecrets: Whether secrets of a HAR file stay; a recording is as it was made.
    /// - Returns: The recording, and what is doubtful about it.
    package static func read(
        path: String,
        keepsSecrets: Bool = false
    ) throws(Diagnostic) -> (recording: Recording, warnings: [Diagnostic]) {
        guard try isHAR(path) else { return try Recording.read(path: path) }
        let bytes: [UInt8]
        switch SourceFile.bytes(path: path, limit: maximumHAR) {
        case .success(let read): bytes = read
        case .failure(.closed): throw Recording.unreadable(path, "cannot be opened")
        case .failure(.unreadable(let reason)): throw Recording.unreadable(path, "cannot be read: \(reason)")
        case .failure(.tooLarge): throw Recording.unreadable(path, "is larger than 256 MiB")
        }
        let (recording, warnings) = try HARReader.read(ByteBuffer(bytes: bytes), file: path)
        if keepsSecrets { return (recording, warnings) }
        var redactor = RecordingRedactor()
        let header = redactor.redact(recording.header)
        return (Recording(header: header, entries: recording.entries.map { redactor.redact($0) }), warnings)
    }

    private static func isHAR(_ path: String) throws(Diagnostic) -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Recording.unreadable(path, "is not there")
        }
        guard !isFolder.boolValue, let handle = FileHandle(forReadingAtPath: path) else {
            throw Recording.unreadable(path, "cannot be opened")
        }
        defer { try? handle.close() }
        let start: Data? = try? handle.read(upToCount: 4096)
        return HARReader.looksLikeHAR(ByteBuffer(bytes: start ?? Data())) || path.lowercased().hasSuffix(".har")
    }
}

import Foundation
import NIOCore

extension Recording {
    /// Reads a recording's file whole.
    ///
    /// - Returns: The recording, and what is doubtful about it.
    package static func read(path: String) throws(Diagnostic) -> (recording: Recording, warnings: [Diagnostic]) {
        var reader = RecordingReader(file: path)
        var entries: [RecordingEntry] = []
        guard let handle = FileHandle(forReadingAtPath: path) else { throw Self.unreadable(path, "cannot be opened") }
        defer { try? handle.close() }
        while true {
            let piece: Data?
            do {
                piece = try handle.read(upToCount: 1 << 18)
            } catch {
                throw Self.unreadable(path, "cannot be read: \(error.localizedDescription)")
            }
            guard let piece, !piece.isEmpty else { break }
            entries += try reader.feed(ByteBuffer(bytes: piece))
        }
        entries += try reader.finish()
        guard let header = reader.header else { throw Self.unreadable(path, "is no recording") }
        return (Recording(header: header, entries: entries), reader.warnings)
    }

    /// Reads a recording from its text.
    ///
    /// - Parameter file: The name that diagnostics show.
    package static func read(
        text: String,
        file: String
    ) throws(Diagnostic) -> (recording: Recording, warnings: [Diagnostic]) {
        var reader = RecordingReader(file: file)
        let entries = try reader.feed(ByteBuffer(string: text)) + reader.finish()
        guard let header = reader.header else { throw Self.unreadable(file, "is no recording") }
        return (Recording(header: header, entries: entries), reader.warnings)
    }

    /// The whole as it stands in a file.
    package var text: String {
        var buffer = ByteBuffer()
        RecordingLine.write(header, to: &buffer)
        for entry in entries { RecordingLine.write(entry, to: &buffer) }
        return String(buffer: buffer)
    }

    static func unreadable(_ path: String, _ problem: String) -> Diagnostic {
        Diagnostic(code: .file, message: "the file \(problem)", place: SourcePlace(file: path, line: 1, column: 1))
    }
}

/// What clients and a server said to each other, as a recorder or a browser saw it.
///
/// The file is documented in docs/recordings.md. `RecordingReader` reads one piece by piece, `RecordingLine` writes it
/// line by line.
package struct Recording: Hashable, Sendable {
    package var header: RecordingHeader
    /// In the order of the file. A request is written when it has been answered, so that times may go back.
    package var entries: [RecordingEntry]

    package init(header: RecordingHeader, entries: [RecordingEntry] = []) {
        self.header = header
        self.entries = entries
    }
}

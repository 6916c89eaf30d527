import Foundation

/// A file of a run that grows while the run goes on.
///
/// Text is gathered and written in whole lines at `flush`, so that a run that is killed leaves files that can be read.
/// After the first failure nothing more is written, and `failure` says why: a full disk must not end a run.
final class ResultFile {
    let path: String
    /// A sentence, once a write has failed.
    private(set) var failure: String?

    private var handle: FileHandle?
    private var waiting = ""

    /// Creates the file, or empties one that is there.
    init(path: String, header: String) {
        self.path = path
        do {
            try Data().write(to: URL(filePath: path))
            handle = try FileHandle(forWritingTo: URL(filePath: path))
            waiting = header
            flush()
        } catch {
            fail(error)
        }
    }

    /// Adds whole lines.
    func append(_ lines: String) {
        guard handle != nil else { return }
        waiting += lines
        if waiting.utf8.count > 65_536 { flush() }
    }

    /// Writes what has been added since the last time.
    func flush() {
        guard let handle, !waiting.isEmpty else { return }
        do {
            try handle.write(contentsOf: Data(waiting.utf8))
            waiting = ""
        } catch {
            fail(error)
        }
    }

    /// Writes the rest and closes the file.
    func close() {
        flush()
        do {
            try handle?.close()
        } catch {
            fail(error)
        }
        handle = nil
    }

    private func fail(_ error: any Error) {
        failure = "Cannot write \(path): \(error.localizedDescription)"
        handle = nil
        waiting = ""
    }
}

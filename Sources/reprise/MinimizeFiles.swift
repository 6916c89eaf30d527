import Foundation
import Scenarios
import Synchronization

/// The files of a converted recording that lie beside the scenario while it is cut down, and those of them that stay.
final class MinimizeFiles: Sendable {
    private let folder: URL
    /// Names of what was written here, and folders that were made for it.
    private let written = Mutex<(files: [String], folders: [URL])>(([], []))

    /// - Parameter scenario: The path of the scenario that they belong to.
    init(beside scenario: String) {
        folder = URL(filePath: scenario).deletingLastPathComponent()
    }

    /// Writes the files; one that is there already with the same bytes is used as it is.
    ///
    /// - Throws: The exit code for wrong usage, after a sentence; nothing is left of them then.
    func write(_ files: [Converter.File], force: Bool) throws {
        for file in files {
            let path = folder.appending(path: file.name)
            let bytes = Data(file.bytes)
            let present = try? Data(contentsOf: path)
            if present == bytes { continue }
            do {
                let parent = path.deletingLastPathComponent()
                if !FileManager.default.fileExists(atPath: parent.path(percentEncoded: false)) {
                    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
                    written.withLock { $0.folders.append(parent) }
                }
                try bytes.write(to: path, options: force ? .atomic : .withoutOverwriting)
                // What was another's and is written over is not removed besides.
                if present == nil { written.withLock { $0.files.append(file.name) } }
            } catch CocoaError.fileWriteFileExists {
                remove()
                throw MinimizeOutput.failure("'\(path.relativePath)' is there already; write over it with --force")
            } catch {
                remove()
                throw MinimizeOutput.failure(
                    "'\(path.relativePath)' cannot be written: \(error.localizedDescription)"
                )
            }
        }
    }

    /// Removes what was written and is not used.
    ///
    /// - Parameter tree: The scenario that uses some of them; nil: none is used.
    func remove(except tree: ScenarioTree? = nil) {
        let text = tree?.text ?? ""
        written.withLock { written in
            for name in written.files where !text.contains(name) {
                try? FileManager.default.removeItem(at: folder.appending(path: name))
            }
            for folder in written.folders { _ = rmdir(folder.path(percentEncoded: false)) }
            written = ([], [])
        }
    }
}

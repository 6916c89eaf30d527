import Foundation

/// Writes a truth as JSON.
enum TruthFile {
    /// Replaces the file in one step, so that a reader sees the whole of it or nothing.
    ///
    /// - Throws: `PracticeServerError` with the code `truthNotWritten`.
    static func write(_ truth: Truth, to path: String) throws(PracticeServerError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(truth).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw PracticeServerError(
                .truthNotWritten,
                "The truth file \(path) could not be written; see that its folder exists and is writable.",
                cause: error
            )
        }
    }
}

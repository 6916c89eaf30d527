import Foundation
package import Metrics
import NIOCore
import Scenarios

/// The recordings of a run's failed clients: a file for each, in a folder that is made with the first.
///
/// A file is there when it is whole. A write that fails is noted in `problems`, and the run goes on.
package final class FailureFolder {
    private struct File {
        var name: String
        var line: FailureLine
        var number: Int
    }

    package let directory: String
    /// What could not be written, as sentences.
    package private(set) var problems: [String] = []
    private var kept: [Int: File] = [:]

    /// Takes the recordings away that an earlier run has left in the folder, as its other files are written over.
    package init(directory: String) {
        self.directory = directory
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in names where name.wholeMatch(of: #/\.?\d{4,}-[\w.]+-client[\d.]+\.rec\.jsonl/#) != nil {
            try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")
        }
        // Only where nothing else is in it.
        rmdir(directory)
    }

    /// The files that are there, in order.
    package var lines: [FailureLine] { kept.sorted { $0.key < $1.key }.map(\.value.line) }

    /// Writes the recording of a failed client; the one that was at its place before goes.
    package func keep(_ client: KeptClient) {
        let failure = client.failure
        let before = kept[failure.place]
        if let before, before.number > failure.number { return }
        let recording = client.recording()
        let name = client.fileName
        do {
            try write(recording, to: name)
        } catch {
            problems.append(
                "The recording \(directory)/\(name) cannot be written: \(error.localizedDescription) Is its folder one, "
                    + "and yours?"
            )
            return
        }
        if let before, before.name != name {
            try? FileManager.default.removeItem(atPath: "\(directory)/\(before.name)")
        }
        kept[failure.place] = File(
            name: name,
            line: FailureLine(
                path: "\(directory)/\(name)",
                group: client.group,
                kind: failure.kind.kind,
                step: failure.kind.step,
                example: recording.lastError ?? ""
            ),
            number: failure.number
        )
    }

    private func write(_ recording: Recording, to name: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var text = ByteBuffer()
        RecordingLine.write(recording.header, to: &text)
        for entry in recording.entries { RecordingLine.write(entry, to: &text) }
        // Under another name until it is whole, for the run may be ended at any time.
        let file = try RecordingFile(path: "\(directory)/.\(name)", replaces: true, limit: .max)
        file.append(text)
        file.close()
        if let end = file.end { throw RecordingProxyError(end) }
        guard rename("\(directory)/.\(name)", "\(directory)/\(name)") == 0 else {
            throw RecordingProxyError(String(cString: strerror(errno)))
        }
    }
}

extension Recording {
    /// What went wrong last, for people.
    fileprivate var lastError: String? {
        entries.lazy.reversed().compactMap { if case .error(let sentence) = $0.content { sentence } else { nil } }
            .first.map { String($0.prefix(300)) }
    }
}

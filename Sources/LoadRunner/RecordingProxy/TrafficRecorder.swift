import Foundation
package import NIOCore
package import Scenarios

/// Writes what happens on the proxy's connections into a recording, and tells it line by line.
///
/// Used on the proxy's event loop alone.
package final class TrafficRecorder: TrafficSink {
    /// What there was, for the end.
    package struct Summary: Hashable, Sendable {
        /// Bytes of the file.
        package var size = 0
        /// Why the recording is not complete, in a sentence; nil where it is.
        package var problem: String?
        package var connections = 0
        package var messagesOut = 0
        package var messagesIn = 0
        package var requests = 0
        package var errors = 0

        package init() {}
    }

    private var summary = Summary()
    private let file: RecordingFile
    private var translation: TrafficTranslation
    private var redactor: RecordingRedactor
    private var narration: RecordingNarration
    private let tell: @Sendable (String) -> Void
    private let tellsEvents: Bool
    private let finished: @Sendable (Summary) -> Void
    private var line = ByteBuffer()
    private var connections: Set<Int> = []

    /// Writes the first line.
    ///
    /// - Parameters:
    ///   - secrets: Texts that are secrets wherever they stand.
    ///   - tellsEvents: Whether there is a line for every event; otherwise only for what a person has to know.
    ///   - tell: Takes a line; it must not block.
    ///   - finished: Takes the summary, when the file is closed.
    package init(
        file: RecordingFile,
        target: ServerURL,
        keepsSecrets: Bool,
        secrets: [String] = [],
        tellsEvents: Bool,
        tell: @escaping @Sendable (String) -> Void,
        finished: @escaping @Sendable (Summary) -> Void
    ) {
        self.file = file
        self.tell = tell
        self.finished = finished
        self.tellsEvents = tellsEvents
        let now = Date()
        translation = TrafficTranslation(start: .now(), target: target)
        redactor = RecordingRedactor(keepsSecrets: keepsSecrets, secrets: secrets)
        narration = RecordingNarration()
        let header = RecordingHeader(
            target: target.description,
            recordedAt: now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)),
            removed: HeadRewriting.removed
        )
        RecordingLine.write(redactor.redact(header), to: &line)
        append()
    }

    package func note(_ event: TrafficEvent, on connection: Int, at time: NIODeadline) {
        for entry in translation.entries(for: event, on: connection, at: time) { note(entry) }
    }

    package func finish() {
        file.close()
        summary.size = file.size
        summary.problem = file.end
        finished(summary)
    }

    private func note(_ entry: RecordingEntry) {
        count(entry)
        guard file.end == nil || tellsEvents else { return }
        let entry = redactor.redact(entry)
        RecordingLine.write(entry, to: &line)
        append()
        if tellsEvents, let words = narration.line(for: entry) { tell(words) }
    }

    private func append() {
        let wasWriting = file.end == nil
        file.append(line)
        line.clear()
        if wasWriting, let end = file.end {
            tell("recording has stopped, and the proxy goes on: \(file.path): \(end)")
        }
    }

    private func count(_ entry: RecordingEntry) {
        switch entry.content {
        case .open:
            if connections.insert(entry.connection).inserted { summary.connections += 1 }
        case .out: summary.messagesOut += 1
        case .in: summary.messagesIn += 1
        case .http: summary.requests += 1
        case .error: summary.errors += 1
        case .close: break
        }
    }
}

import LoadRunner
import Synchronization

/// What a recording came to, for the end of `reprise record`.
final class RecordSummary: Sendable {
    private let summary = Mutex(TrafficRecorder.Summary())

    func take(_ summary: TrafficRecorder.Summary) {
        self.summary.withLock { $0 = summary }
    }

    func show(file: String) {
        let summary = summary.withLock { $0 }
        let said = [
            Self.text(summary.connections, "connection"), Self.text(summary.messagesOut, "message") + " sent",
            Self.text(summary.messagesIn, "message") + " received", Self.text(summary.requests, "other request"),
            Self.text(summary.errors, "error"),
        ]
        Console.note("wrote \(file), \(Self.text(summary.size, "byte")): \(said.joined(separator: ", "))")
        if let problem = summary.problem { Console.note("warning: the recording is not complete: \(problem)") }
    }

    private static func text(_ count: Int, _ what: String) -> String {
        "\(count) \(what)\(count == 1 ? "" : "s")"
    }
}

import Metrics
import NIOCore

/// How long the server has not taken what a client sends, and how much waited meanwhile.
struct SendBlockage {
    /// Nil while it takes everything.
    private var since: NIODeadline?
    /// Bytes.
    private var mostQueued = 0

    /// What waits does not get through.
    mutating func note(queued: Int) {
        if since == nil { since = .now() }
        mostQueued = max(mostQueued, queued)
    }

    /// The server takes it again, or the connection is over: `send.blocked` and `send.queued`, where there is something to say.
    ///
    /// - Parameters:
    ///   - group: the client's.
    ///   - recordingGroup: the one under which its times are recorded.
    mutating func end(at now: NIODeadline, group: Int, recordingGroup: Int, recorder: Recorder, metrics: FixedMetrics) {
        guard let since = since.take() else { return }
        recorder.record(metrics.sendBlocked, group: recordingGroup, nanoseconds: max(0, (now - since).nanoseconds))
        recorder.record(metrics.sendQueued, group: group, value: mostQueued)
        mostQueued = 0
    }
}

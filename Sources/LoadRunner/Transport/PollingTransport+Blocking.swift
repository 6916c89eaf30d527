import Metrics
import NIOCore

/// How long the server does not take what is sent: it has not answered a POST, and more waits meanwhile.
extension PollingTransport {
    /// What waits is as much as a socket would call not writable, or as the scenario lets wait.
    var isBlocked: Bool {
        queuedBytes - postedBytes >= highWaterMark || queuedBytes >= outboundLimit
    }

    /// Looks at what waits after something was sent.
    func noteBlocking() {
        guard isBlocked else { return }
        blockage.note(queued: queuedBytes)
    }

    /// The server takes what is sent again, or the session is over.
    func endBlocking(at now: NIODeadline) {
        blockage.end(
            at: now,
            group: group,
            recordingGroup: connection?.recordingGroup ?? group,
            recorder: worker.recorder,
            metrics: worker.metrics
        )
    }
}

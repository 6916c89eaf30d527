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
        if blockedSince == nil { blockedSince = .now() }
        mostQueued = max(mostQueued, queuedBytes)
    }

    /// The server takes what is sent again, or the session is over.
    func endBlocking(at now: NIODeadline) {
        guard let since = blockedSince else { return }
        blockedSince = nil
        worker.recorder.record(
            worker.metrics.sendBlocked,
            group: connection?.recordingGroup ?? group,
            nanoseconds: max(0, (now - since).nanoseconds)
        )
        worker.recorder.record(worker.metrics.sendQueued, group: group, value: mostQueued)
        mostQueued = 0
    }
}

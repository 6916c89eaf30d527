import NIOCore

/// Ends TLS handshakes that take too long.
///
/// One timer looks at all that are under way: a scheduled task for each would have to be cancelled for each, and the
/// event loop searches all of its tasks for the one to cancel.
final class HandshakeWatch {
    private static let interval = TimeAmount.milliseconds(20)

    private let eventLoop: any EventLoop
    private var handshakes: [ObjectIdentifier: (handler: TLSHandshakeHandler, deadline: NIODeadline)] = [:]
    private var isScheduled = false

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func add(_ handler: TLSHandshakeHandler, deadline: NIODeadline) {
        handshakes[ObjectIdentifier(handler)] = (handler, deadline)
        schedule()
    }

    func remove(_ handler: TLSHandshakeHandler) {
        handshakes[ObjectIdentifier(handler)] = nil
    }

    private func schedule() {
        guard !isScheduled, !handshakes.isEmpty else { return }
        isScheduled = true
        eventLoop.assumeIsolated().scheduleTask(in: Self.interval) { [weak self] in
            guard let self else { return }
            isScheduled = false
            let now = NIODeadline.now()
            let late = handshakes.values.filter { $0.deadline <= now }
            for handshake in late { handshake.handler.timeOut() }
            schedule()
        }
    }
}

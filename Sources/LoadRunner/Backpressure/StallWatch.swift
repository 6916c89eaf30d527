import NIOCore

/// The clients of a worker that do not read, or read slowly, looked at on one grid.
///
/// One timer for all of them, which rests while there are none.
final class StallWatch {
    private static let interval = TimeAmount.milliseconds(10)

    /// A client that gets nothing for this long after it caught up, though others do, is forgotten by the server.
    var silence: TimeAmount
    private unowned let worker: Worker
    private var clients: [StalledClient] = []
    private var isScheduled = false

    init(worker: Worker, silence: TimeAmount) {
        self.worker = worker
        self.silence = silence
    }

    func add(_ client: StalledClient) {
        clients.append(client)
        schedule()
    }

    private func schedule() {
        guard !isScheduled, !clients.isEmpty else { return }
        isScheduled = true
        let bound = NIOLoopBound(self, eventLoop: worker.eventLoop)
        worker.eventLoop.scheduleTask(in: Self.interval) { bound.value.look() }
    }

    private func look() {
        isScheduled = false
        for client in clients {
            client.proceed(at: .now())
            worker.flush()
        }
        clients.removeAll { $0.isOver }
        schedule()
    }
}

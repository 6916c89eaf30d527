import NIOCore

/// A worker as others than its event loop see it.
struct WorkerHandle: Sendable {
    private let worker: NIOLoopBound<Worker>
    private let eventLoop: any EventLoop

    static func start(_ plan: WorkerPlan, on eventLoop: any EventLoop) async throws -> WorkerHandle {
        try await eventLoop.submit {
            let worker = Worker(plan, eventLoop: eventLoop)
            worker.start()
            return WorkerHandle(worker: NIOLoopBound(worker, eventLoop: eventLoop), eventLoop: eventLoop)
        }.get()
    }

    func drain(within time: TimeAmount) {
        eventLoop.execute { worker.value.drain(within: time) }
    }

    /// The part of one core that the busiest worker used.
    static func busiest(_ workers: [WorkerHandle]) async -> Double {
        var busiest = 0.0
        for handle in workers {
            let busy = try? await handle.eventLoop.submit { handle.worker.value.busy }.get()
            busiest = max(busiest, busy ?? 0)
        }
        return busiest
    }

    static func reachedTarget(_ workers: [WorkerHandle]) async -> Bool {
        for handle in workers {
            if (try? await handle.eventLoop.submit { handle.worker.value.reachedTarget }.get()) == true { return true }
        }
        return false
    }
}

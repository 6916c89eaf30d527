import NIOCore

/// Who has a seat in a worker: timers of its own, and an end with the load.
protocol SeatedClient: AnyObject {
    var worker: Worker { get }
    var seat: Int { get }

    func timerFired(_ timer: ClientTimer, at now: NIODeadline)
    /// The load shrinks: it leaves as soon as it can.
    func leave(at now: NIODeadline)
    /// The run is over and the client still busy: that is no failure.
    func cut(at now: NIODeadline)
}

extension SeatedClient {
    func set(_ timer: ClientTimer, at deadline: NIODeadline) {
        worker.wheel.set(seat * ClientTimer.count + timer.rawValue, at: deadline)
    }

    /// When the timer fires; nil where it is not set.
    func deadline(of timer: ClientTimer) -> NIODeadline? {
        worker.wheel.deadline(of: seat * ClientTimer.count + timer.rawValue)
    }

    func cancel(_ timer: ClientTimer) {
        worker.wheel.cancel(seat * ClientTimer.count + timer.rawValue)
    }
}

/// Who takes one of the load's slots.
protocol LoadedClient: SeatedClient {
    var slot: Int { get }
    /// Where its figures are recorded.
    var group: Int { get }
    /// Its group among the scenario's.
    var groupNumber: Int { get }

    func start(at now: NIODeadline)
    /// It is gone.
    ///
    /// - Parameter isCut: The run ended before it was over what had hit it.
    func endAfflictions(isCut: Bool, at now: NIODeadline)
}

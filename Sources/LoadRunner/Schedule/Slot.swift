import NIOCore

/// A place in the load that one client after the other takes.
struct Slot {
    var generation = -1
    /// The seat of its client; nil while it stands empty.
    var seat: Int?
    /// The load wants a client here.
    var isWanted = false
    /// Its next client has its time already.
    var isRestarting = false

    /// It is one client's alone, who arrived in an open phase.
    let isArrival: Bool

    var isFree: Bool { seat == nil && !isRestarting }
    private var failedConnects = 0

    mutating func begin(seat: Int) -> Int {
        self.seat = seat
        generation += 1
        return generation
    }

    /// The slot's client is gone.
    ///
    /// - Returns: How long the slot stays empty: 1 s after a failed connect, doubled up to 10 s.
    mutating func end(failedToConnect: Bool) -> TimeAmount {
        seat = nil
        guard failedToConnect else {
            failedConnects = 0
            return .zero
        }
        defer { failedConnects += 1 }
        return min(.seconds(1 << Int64(min(failedConnects, 4))), .seconds(10))
    }

    init(isArrival: Bool = false) {
        self.isArrival = isArrival
    }
}

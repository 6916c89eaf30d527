import NIOCore

/// Says when a worker's figures turn from calm time to a fault's and back.
///
/// It is calm again only some time after the last fault was over, so that a storm of short faults does not cut the
/// figures into dust: they are cut at most twice in that time.
struct FaultWatch {
    static let calmAfter = TimeAmount.milliseconds(20)

    private(set) var isFault = false
    private var beginnings = 0
    private var quietSince: NIODeadline?

    /// Takes a look.
    ///
    /// - Returns: Whether `isFault` has changed.
    mutating func look(at state: FaultActivity.State, now: NIODeadline) -> Bool {
        let isOn = state.isOn || state.beginnings != beginnings
        beginnings = state.beginnings
        if isOn {
            quietSince = nil
            defer { isFault = true }
            return !isFault
        }
        guard isFault else { return false }
        let quiet = quietSince ?? now
        quietSince = quiet
        guard now - quiet >= Self.calmAfter else { return false }
        quietSince = nil
        isFault = false
        return true
    }
}

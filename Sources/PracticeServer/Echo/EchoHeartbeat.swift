import NIOCore

/// The heartbeat that a client of the JSON asked for.
struct EchoHeartbeat {
    /// Timers with another token are out of date.
    var token: UInt32
    /// From one ping to the next.
    var interval: TimeAmount
    /// How long a pong may take; also the longest time without one.
    var timeout: TimeAmount
    /// When the oldest ping was sent that no pong came after; nil where none waits.
    var waitingSince: NIODeadline?

    /// Unless the client says otherwise, in milliseconds.
    static let interval = 1_000
    static let timeout = 5_000
    /// What a client may ask for, in milliseconds.
    static let range = 10...60_000

    /// When there is something to do next.
    func next(after now: NIODeadline) -> NIODeadline {
        guard let waitingSince else { return now + interval }
        return min(now + interval, waitingSince + timeout)
    }
}

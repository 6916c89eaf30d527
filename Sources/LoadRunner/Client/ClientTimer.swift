/// The timers of one seat, as nodes of its worker's wheel.
enum ClientTimer: Int {
    /// Think times, the `within` of the running step, the next message of a replay.
    case step
    /// The `within` of a task whose reply is running.
    case task
    /// The server's next ping is overdue.
    case heartbeat
    /// The move from polling to a WebSocket takes too long.
    case upgrade
    /// The next attempt to connect again, or the end of the time for the one under way.
    case reconnect

    static let count = 5
}

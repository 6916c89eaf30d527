/// What the server counts itself; the dialect counts the rest.
struct ServiceCounts {
    var connections = Truth.Connections()
    var messages = Truth.Messages()
    var received: [String: Int] = [:]
    /// By the place of the event in `Dialect.sentEvents`.
    var sent: [Int]
    var http: [String: Int] = [:]
    var readers = Truth.Readers()
    var recovery = Truth.Recovery()
    /// Messages that came back without the dialect.
    var echoed = 0
    /// Of those, the ones that did not come back because their client was silenced.
    var swallowed = 0

    /// How many names of events are told apart; a client can send any number of them.
    private static let nameLimit = 64

    init(sentEvents: Int) {
        sent = Array(repeating: 0, count: sentEvents)
    }

    mutating func countReceived(_ name: String) {
        if received[name] != nil || received.count < Self.nameLimit {
            received[name, default: 0] += 1
        } else {
            received["other", default: 0] += 1
        }
    }
}

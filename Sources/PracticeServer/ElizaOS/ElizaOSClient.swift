import NIOCore

/// A client that was let in.
struct ElizaOSClient {
    /// The id of its socket, which it was told.
    let sid: String
    /// The places of the channels that it joined.
    var channels: [Int] = []
    private var windowStart = NIODeadline.distantPast
    private var sent = 0

    init(sid: String) {
        self.sid = sid
    }

    /// Counts a message; false where it is one too many within a second.
    mutating func admitsMessage(limit: Int, at now: NIODeadline) -> Bool {
        if sent == 0 || now - windowStart >= .seconds(1) {
            windowStart = now
            sent = 0
        }
        sent += 1
        return sent <= limit
    }
}

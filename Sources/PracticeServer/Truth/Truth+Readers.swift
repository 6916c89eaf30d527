extension Truth {
    /// What clients did not take in time: bytes that waited in the server because a socket took no more.
    package struct Readers: Codable, Hashable, Sendable {
        /// Connections whose socket once did not take all that was written.
        package var blocked = 0
        /// How often that was; each time ends when nothing waits any more, or with the connection.
        package var episodes = 0
        /// Bytes that waited at the beginning of an episode or were written during one.
        package var bytes = 0
        /// The most bytes that waited for one client.
        package var largestBacklog = 0
        /// Episodes that ended because the socket had taken everything, and how long they were.
        package var drains = Durations()
        /// Clients that were cut off because more waited for them than the server keeps.
        package var cut = 0
        /// The first `Readers.listed` of them.
        package var cuts: [Cut] = []
        /// Clients that are sent nothing any more, by the fault `zombie` or as the system does it by itself.
        package var zombies = 0
        /// The first `Readers.listed` of them.
        package var silenced: [Zombie] = []
        /// Messages that were not sent because their client was such a one.
        package var suppressed = 0

        /// How many cuts and zombies are listed one by one.
        package static let listed = 1000
    }

    /// Many durations in few numbers, in milliseconds.
    package struct Durations: Codable, Hashable, Sendable {
        package var count = 0
        package var sum = 0
        package var max = 0

        mutating func add(_ milliseconds: Int64) {
            let value = Int(clamping: milliseconds)
            count += 1
            sum &+= value
            max = Swift.max(max, value)
        }
    }

    /// A client that was cut off for its slowness.
    package struct Cut: Codable, Hashable, Sendable {
        /// Milliseconds since 1970.
        package var at: Int64
        /// Who it was: see `Attempts.clients`.
        package var client: String
        /// How many bytes waited for it.
        package var bytes: Int
        /// From the first byte that waited to the cut, in milliseconds.
        package var after: Int64
    }

    /// A client that was forgotten for its slowness, and not told.
    package struct Zombie: Codable, Hashable, Sendable {
        /// Milliseconds since 1970.
        package var at: Int64
        /// Who it was: see `Attempts.clients`.
        package var client: String
        /// How many bytes waited for it.
        package var bytes: Int
    }
}

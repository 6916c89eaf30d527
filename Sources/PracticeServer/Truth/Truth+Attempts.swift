extension Truth {
    /// Every attempt to open a connection, refused or not.
    package struct Attempts: Codable, Hashable, Sendable {
        /// How many there were.
        package var count = 0
        /// When they were, in milliseconds since the start of the server, in order; by who tried.
        ///
        /// A client is known by `client` or `sessionId` in its query or in the credentials of its CONNECT; any other by the
        /// number of its attempt, as `#17`.
        package var clients: [String: [Int]] = [:]
        /// How many are not among them.
        package var notListed = 0

        /// How many attempts are listed.
        package static let listed = 200_000
    }

    /// Connection state recovery: the option `recovery`.
    package struct Recovery: Codable, Hashable, Sendable {
        /// Namespaces that a client came back to as if it had never been away.
        package var restored = 0
        /// CONNECTs that asked for that in vain.
        package var refused = 0
        /// Events that were sent to clients that came back.
        package var resent = 0
        /// Clients that were kept for their return and did not come in time.
        package var expired = 0
    }
}

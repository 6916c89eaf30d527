/// One fault as it happened.
package struct InjectedFault: Codable, Hashable, Sendable {
    /// Which of the faults.
    package enum Kind: String, Codable, Hashable, Sendable {
        case withheldChunk, duplicatedChunk, reorderedChunk, truncatedStream, refusedUpgrade, killedConnection
        case withheldDelivery, doubledDelivery, swappedDelivery, repeatedReply, misorderedEvent, leakedSession
    }

    package var kind: Kind
    /// Milliseconds since 1970.
    package var at: Int64
    package var session: String?
    package var stream: String?
    /// The chunk's index; for a truncated stream, the number of its chunks that were sent.
    package var index: Int?

    init(_ kind: Kind, at: Int64, session: String? = nil, stream: String? = nil, index: Int? = nil) {
        self.kind = kind
        self.at = at
        self.session = session
        self.stream = stream
        self.index = index
    }
}

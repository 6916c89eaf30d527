/// `rooms:`, the rooms that clients are spread over.
package struct Rooms: Hashable, Sendable {
    /// How a client gets its room.
    package enum Assignment: String, Hashable, Sendable, CaseIterable {
        /// One after the other, by the client's slot.
        case roundRobin = "round-robin"
        /// Each equally likely.
        case random
        /// The n-th room is 1/n as likely as the first: a few are full and many are nearly empty.
        case zipf
    }

    package var count: Int
    package var assignment: Assignment

    package init(count: Int, assignment: Assignment) {
        self.count = count
        self.assignment = assignment
    }
}

/// ROOM of the language: a room by its name.
package enum RoomName: Sendable {
    /// `${room.id}`, the one that the client is assigned to.
    case assigned
    /// Whatever the template gives.
    case template(ValueTemplate)
}

/// What a step does to the client's membership when it is done.
package enum RoomChange: Sendable {
    case joins(RoomName)
    case leaves(RoomName)
}

/// One delivery of a message that was sent to a room.
package struct FanOut: Sendable {
    /// How two deliveries are known to be of one message.
    package enum Identity: Sendable {
        /// By the stamp in the text there.
        case stamp(MessagePaths)
        /// By what the server calls it, for messages of the server's own; in one order per `order`.
        case id(MessagePaths, order: MessagePaths?)
    }

    package var identity: Identity
    /// Nil: the room that the stamp names.
    package var room: RoomName?
    /// The sender gets its own message too.
    package var includesSender: Bool
    /// A delivery that has not come after this long is missing.
    package var within: Duration
}

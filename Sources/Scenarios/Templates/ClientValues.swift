package import Wire

/// What templates and conditions of one client read.
package struct ClientValues {
    /// One value for each of the group's slots; null until it is set.
    package var variables: [JSONValue]
    /// What `random`, `pick`, `uuid` and `text` draw from.
    package var random: ClientRandom
    /// What `${client.index}` is.
    package var clientIndex: Int
    /// Milliseconds since 1970, for `now()` and `iso()`; set before an evaluation.
    package var epochMilliseconds: Int64
    /// The message the flow sent last, in Socket.IO a JSON array of its arguments without the event's name; nil where
    /// none was sent. Needed only where the group reads it (`ClientGroup.readsSent`).
    package var sent: StoredEvent?
    /// The client's row of each of the scenario's feeds.
    package var rows: [[JSONValue]]

    /// The place and the name of the client's room, `${room.index}` and `${room.id}`.
    package var room: (index: Int, name: String)?
    /// What `${stamp(ROOM)}` asks; nil where no room is told about what is sent.
    package weak var stamps: (any StampSource)?

    package init(slotCount: Int, random: ClientRandom, clientIndex: Int) {
        variables = Array(repeating: .null, count: slotCount)
        self.random = random
        self.clientIndex = clientIndex
        epochMilliseconds = 0
        rows = []
    }
}

import NIOCore
import Scenarios

/// Messages that came before the step that waits for them was reached.
struct Inbox {
    /// One of them.
    struct Message {
        var event: EventID
        var content: StoredEvent
        var question: Question?
        /// When it was read.
        var time: NIODeadline
    }

    static let messageLimit = 64
    static let byteLimit = 64 * 1024

    private(set) var messages: [Message] = []
    private var bytes = 0

    var isEmpty: Bool { messages.isEmpty }

    /// Keeps a message; where there is no room, the oldest fall out.
    ///
    /// - Returns: How many fell out, the new one included where it is too large by itself.
    mutating func append(
        _ event: EventID,
        _ view: EventView,
        _ question: Question? = nil,
        at time: NIODeadline
    ) -> Int {
        guard view.bytes.count <= Self.byteLimit else { return 1 }
        return append(Message(event: event, content: StoredEvent(view), question: question, time: time))
    }

    /// Keeps a message that another inbox had.
    mutating func append(_ message: Message) -> Int {
        let size = message.content.bytes.count
        var fallen = 0
        while !messages.isEmpty, messages.count >= Self.messageLimit || bytes + size > Self.byteLimit {
            _ = remove(at: 0)
            fallen += 1
        }
        messages.append(message)
        bytes += size
        return fallen
    }

    /// Takes out the message at this place; the others keep their order.
    mutating func remove(at place: Int) -> Message {
        let message = messages.remove(at: place)
        bytes -= message.content.bytes.count
        return message
    }

    /// Puts a message back where it was.
    mutating func putBack(_ message: Message, at place: Int) {
        messages.insert(message, at: min(place, messages.count))
        bytes += message.content.bytes.count
    }

    /// Forgets everything: a new window begins.
    mutating func clear() {
        guard !messages.isEmpty else { return }
        messages.removeAll(keepingCapacity: false)
        bytes = 0
    }
}

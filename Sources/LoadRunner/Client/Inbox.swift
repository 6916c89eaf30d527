import NIOCore
import Scenarios

/// Messages that came before the step that waits for them was reached.
struct Inbox {
    /// One of them.
    struct Message {
        var event: EventID
        var content: StoredEvent
        /// When it was read.
        var time: NIODeadline
    }

    static let messageLimit = 64
    static let byteLimit = 64 * 1024

    private(set) var messages: [Message] = []
    private var bytes = 0

    var isEmpty: Bool { messages.isEmpty }

    /// Keeps a message.
    ///
    /// - Returns: False where it falls out, because the inbox is full.
    mutating func append(_ event: EventID, _ view: EventView, at time: NIODeadline) -> Bool {
        guard messages.count < Self.messageLimit, bytes + view.bytes.count <= Self.byteLimit else { return false }
        messages.append(Message(event: event, content: StoredEvent(view), time: time))
        bytes += view.bytes.count
        return true
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

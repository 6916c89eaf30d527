import Wire

/// A received message where it lies, with the offsets of its parts.
///
/// Valid only inside the closure or call that was given it: the bytes are borrowed from the socket's buffer or
/// from a `StoredEvent`.
package struct EventView {
    /// All that was received: for Socket.IO the JSON array of name and arguments (of an acknowledgement: of arguments).
    package var bytes: UnsafeRawBufferPointer
    /// The first argument, or nil where the event has none.
    package var first: Range<Int>?
    /// The JSON array that holds the arguments.
    package var list: Range<Int>
    /// How many elements of `list` stand before the first argument: 1 for an event's name, 0 for an acknowledgement.
    package var skipped: Int
    /// The message has no form that is known: `$` is its text, and paths lead into it where it is JSON.
    package var isText: Bool

    package init(
        bytes: UnsafeRawBufferPointer,
        first: Range<Int>?,
        list: Range<Int>,
        skipped: Int,
        isText: Bool = false
    ) {
        self.bytes = bytes
        self.first = first
        self.list = list
        self.skipped = skipped
        self.isText = isText
    }
}

/// A received message that is kept beyond its read.
package struct StoredEvent: Sendable {
    package var bytes: [UInt8]
    package var first: Range<Int>?
    package var list: Range<Int>
    package var skipped: Int
    package var isText: Bool

    /// Takes the bytes of a JSON array of arguments.
    package init(arguments: [UInt8]) {
        bytes = arguments
        list = 0..<arguments.count
        skipped = 0
        isText = false
        first = arguments.withUnsafeBytes { JSONScanner.firstElement(ofArrayAt: 0..<$0.count, in: $0)?.range }
    }

    /// Copies what the view shows.
    package init(_ view: EventView) {
        bytes = [UInt8](view.bytes)
        first = view.first
        list = view.list
        skipped = view.skipped
        isText = view.isText
    }

    /// Calls the closure with a view of the message.
    package func withView<Result>(_ body: (EventView) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes {
            try body(EventView(bytes: $0, first: first, list: list, skipped: skipped, isText: isText))
        }
    }
}

/// A received message where it lies, with the offsets of its parts.
///
/// Valid only inside the closure or call that was given it: the bytes are borrowed from the socket's buffer or
/// from a `StoredEvent`.
package struct EventView {
    /// The whole received JSON: for Socket.IO the array of name and arguments (of an acknowledgement: of arguments).
    package var bytes: UnsafeRawBufferPointer
    /// The first argument, or nil where the event has none.
    package var first: Range<Int>?
    /// The JSON array that holds the arguments.
    package var list: Range<Int>
    /// How many elements of `list` stand before the first argument: 1 for an event's name, 0 for an acknowledgement.
    package var skipped: Int

    package init(bytes: UnsafeRawBufferPointer, first: Range<Int>?, list: Range<Int>, skipped: Int) {
        self.bytes = bytes
        self.first = first
        self.list = list
        self.skipped = skipped
    }
}

/// A received message that is kept beyond its read.
package struct StoredEvent: Sendable {
    package var bytes: [UInt8]
    package var first: Range<Int>?
    package var list: Range<Int>
    package var skipped: Int

    /// Copies what the view shows.
    package init(_ view: EventView) {
        bytes = [UInt8](view.bytes)
        first = view.first
        list = view.list
        skipped = view.skipped
    }

    /// Calls the closure with a view of the message.
    package func withView<Result>(_ body: (EventView) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes {
            try body(EventView(bytes: $0, first: first, list: list, skipped: skipped))
        }
    }
}

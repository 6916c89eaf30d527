package import Wire

/// PATH of the language: a place in a received message.
package struct MessagePath: Hashable, Sendable {
    /// Where a path starts.
    package enum Root: Hashable, Sendable {
        case argument(Int)
        case message
    }

    package var root: Root
    package var path: JSONPath

    /// The value's place in `view.bytes`, or nil where there is none.
    package func slice(in view: EventView) -> JSONSlice? { nil }
}

/// One or more paths, of which the first that is present counts.
package struct MessagePaths: Hashable, Sendable {
    package var alternatives: [MessagePath]

    /// The value's place in `view.bytes`, or nil where no path leads to one.
    package func slice(in view: EventView) -> JSONSlice? { nil }

    /// The value as a tree, or nil where no path leads to one.
    package func value(in view: EventView) -> JSONValue? { nil }
}

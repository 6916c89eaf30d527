package import Wire

/// PATH of the language: a place in a received message.
package struct MessagePath: Hashable, Sendable {
    /// Where a path starts.
    package enum Root: Hashable, Sendable {
        /// The argument with this number from 0.
        case argument(Int)
        /// All that was received.
        case message
    }

    package var root: Root
    package var path: JSONPath

    package init(root: Root = .argument(0), path: JSONPath) {
        self.root = root
        self.path = path
    }

    /// What it leads to, or nil where there is nothing.
    package func found(in view: EventView) -> MessageValue? {
        if let slice = slice(in: view) { return .json(slice) }
        guard view.isText, root == .message, path.components.isEmpty else { return nil }
        return .text(0..<view.bytes.count)
    }

    /// The place in `view.bytes` of a JSON value, or nil where there is none.
    ///
    /// The text of a message without a known form is none, so `$` leads nowhere here; `found(in:)` finds it.
    package func slice(in view: EventView) -> JSONSlice? {
        switch root {
        case .argument(0):
            guard let first = view.first else { return nil }
            return JSONScanner.locate(path, in: view.bytes, at: first)
        case .argument(let number):
            guard !view.isText else { return nil }
            var element = JSONScanner.firstElement(ofArrayAt: view.list, in: view.bytes)
            var left = view.skipped &+ number
            while left > 0, let current = element {
                element = JSONScanner.nextElement(after: current, in: view.bytes)
                left &-= 1
            }
            guard let element else { return nil }
            return JSONScanner.locate(path, in: view.bytes, at: element.range)
        case .message:
            guard view.isText else { return JSONScanner.locate(path, in: view.bytes, at: 0..<view.bytes.count) }
            guard let first = view.first, !path.components.isEmpty else { return nil }
            return JSONScanner.locate(path, in: view.bytes, at: first)
        }
    }
}

/// One or more paths, of which the first that is present counts.
package struct MessagePaths: Hashable, Sendable {
    package var alternatives: [MessagePath]

    package init(_ alternatives: [MessagePath]) {
        self.alternatives = alternatives
    }

    /// What the first path that leads anywhere leads to.
    package func found(in view: EventView) -> MessageValue? {
        for path in alternatives {
            if let value = path.found(in: view) { return value }
        }
        return nil
    }

    /// The place in `view.bytes` of a JSON value, or nil where no path leads to one.
    package func slice(in view: EventView) -> JSONSlice? {
        for path in alternatives {
            if let slice = path.slice(in: view) { return slice }
        }
        return nil
    }

    /// The value as a tree, or nil where no path leads to one.
    package func value(in view: EventView) -> JSONValue? {
        found(in: view).map { $0.tree(in: view.bytes) }
    }
}

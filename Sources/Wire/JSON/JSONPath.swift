/// Where a value stands inside a JSON document: `actions.0.id`.
package struct JSONPath: Hashable, Sendable {
    /// One step down.
    package enum Component: Hashable, Sendable {
        /// A member of an object; the UTF-8 of its name.
        case name([UInt8])
        /// An element of an array; as a member's name where the value is an object.
        case index(Int)
    }

    package var components: [Component]

    package init(_ components: [Component]) {
        self.components = components
    }
}

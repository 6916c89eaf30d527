package import NIOCore
package import Wire

/// A value of the language with `${…}` in it.
package struct ValueTemplate: Sendable {
    /// The value; one that is a whole `${…}` keeps its JSON type.
    package func value(_ values: inout ClientValues, event: EventView?) -> JSONValue { .null }

    /// The value as text: a string without its quotes, nothing for null, JSON for the rest.
    package func text(_ values: inout ClientValues, event: EventView?) -> String { "" }

    /// Appends the value's text.
    package func appendText(to buffer: inout ByteBuffer, _ values: inout ClientValues, event: EventView?) {}
}

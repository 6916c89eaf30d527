package import NIOCore

/// A JSON document with `${…}` in it, compiled once to bytes and what stands between them.
package struct JSONTemplate: Sendable {
    /// The bytes of the document where nothing is to be filled in.
    package var literalBytes: [UInt8]? { nil }

    /// Appends the document.
    package func append(to buffer: inout ByteBuffer, _ values: inout ClientValues, event: EventView?) {}
}

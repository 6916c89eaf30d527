package import NIOCore
import Wire

/// A JSON document with `${…}` in it, compiled once to bytes and what stands between them.
///
/// Appending copies the bytes and fills in the rest; it builds a tree only for an expression that needs one.
package struct JSONTemplate: Sendable {
    /// One piece of the document; `literal` is a part of `bytes`, `expression` and `member` are places in the lists.
    enum Segment: Sendable, BitwiseCopyable {
        case literal(from: Int32, to: Int32)
        /// A value of its own.
        case expression(Int32)
        /// A part of a string.
        case escaped(Int32)
        /// A name and a value, both left out where the value is empty.
        case member(Int32)
        /// A comma, unless nothing stands in the object yet.
        case comma
    }

    /// A member of an object whose value is one whole `${…}`.
    struct Member: Sendable {
        /// Whether a comma comes before it.
        enum Separator: Sendable {
            case never, always, unlessFirst
        }

        /// `"name":`
        var prefix: [UInt8]
        var separator: Separator
        var value: Expression
    }

    let bytes: [UInt8]
    let segments: [Segment]
    let expressions: [Expression]
    let members: [Member]

    /// The bytes of the document where nothing is to be filled in.
    package var literalBytes: [UInt8]? {
        expressions.isEmpty && members.isEmpty ? bytes : nil
    }

    /// Appends the document.
    package func append(to buffer: inout ByteBuffer, _ values: inout ClientValues, event: EventView?) {
        for segment in segments {
            switch segment {
            case .literal(let from, let to):
                bytes.withUnsafeBytes {
                    _ = buffer.writeBytes(UnsafeRawBufferPointer(rebasing: $0[Int(from)..<Int(to)]))
                }
            case .expression(let index):
                expressions[Int(index)].appendJSON(to: &buffer, &values, event: event)
            case .escaped(let index):
                expressions[Int(index)].appendEscaped(to: &buffer, &values, event: event)
            case .member(let index):
                append(members[Int(index)], to: &buffer, &values, event: event)
            case .comma:
                Self.appendComma(to: &buffer)
            }
        }
    }

    /// Writes the member and takes it back where its value came out empty.
    private func append(
        _ member: Member,
        to buffer: inout ByteBuffer,
        _ values: inout ClientValues,
        event: EventView?
    ) {
        let start = buffer.writerIndex
        switch member.separator {
        case .never: break
        case .always: buffer.writeInteger(UInt8(ascii: ","))
        case .unlessFirst: Self.appendComma(to: &buffer)
        }
        buffer.writeBytes(member.prefix)
        let value = buffer.writerIndex
        member.value.appendJSON(to: &buffer, &values, event: event)
        if Self.isEmpty(buffer, from: value) { buffer.moveWriterIndex(to: start) }
    }

    /// An object that was just opened is the only thing that ends in a brace of this kind.
    private static func appendComma(to buffer: inout ByteBuffer) {
        let last = buffer.getInteger(at: buffer.writerIndex - 1, as: UInt8.self)
        if last != UInt8(ascii: "{") { buffer.writeInteger(UInt8(ascii: ",")) }
    }

    /// Whether `null` or `""` was written.
    private static func isEmpty(_ buffer: ByteBuffer, from start: Int) -> Bool {
        switch buffer.writerIndex - start {
        case 2: buffer.getInteger(at: start, as: UInt16.self) == 0x2222
        case 4: buffer.getInteger(at: start, as: UInt32.self) == 0x6E75_6C6C
        default: false
        }
    }
}

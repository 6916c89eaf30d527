package import NIOCore

/// Writes packets one after another into the body of a polling request, as long as they fit.
///
/// A packet that would make the payload longer than the server takes is refused, and goes first into the next one;
/// where it is too long by itself it goes alone, as the official client sends it, and the server says what it thinks of it:
///
///     var writer = EngineIOPayloadWriter(maxPayload: open.maxPayload)
///     while let packet = queue.first, writer.append(packet, to: &body) { queue.removeFirst() }
///
/// Between the calls the buffer is left alone. Source: engine.io-protocol, README.md, "HTTP long-polling";
/// engine.io-client, lib/socket.ts, `_getWritablePackets`.
package struct EngineIOPayloadWriter: Hashable, Sendable {
    /// Packets in the payload so far.
    package private(set) var count = 0
    /// Bytes of the payload so far.
    package private(set) var size = 0

    private let maxPayload: Int
    private let maximumPackets: Int

    /// How many packets a payload may have, unless the caller says otherwise: python-engineio refuses more.
    package static var maximumPackets: Int { 16 }

    /// - Parameters:
    ///   - maxPayload: what the open packet said; nil and 0 are no limit.
    ///   - maximumPackets: packets in one payload; at least one always fits.
    package init(maxPayload: Int?, maximumPackets: Int = EngineIOPayloadWriter.maximumPackets) {
        self.maxPayload = if let maxPayload, maxPayload > 0 { maxPayload } else { .max }
        self.maximumPackets = maximumPackets
    }

    /// Whether a packet that takes so many bytes has room in this payload.
    package func fits(_ size: Int) -> Bool {
        guard count > 0 else { return true }
        guard count < maximumPackets else { return false }
        let (joined, overflows) = self.size.addingReportingOverflow(1)
        let (total, overflowsToo) = joined.addingReportingOverflow(size)
        return !overflows && !overflowsToo && total <= maxPayload
    }

    /// Appends a packet; false, and nothing appended, where it has to wait for the next payload.
    package mutating func append(_ packet: EngineIOPacket, to buffer: inout ByteBuffer) -> Bool {
        switch packet {
        case .text(let packet): append(text: packet, to: &buffer)
        case .binary(let message): append(binary: message, to: &buffer)
        }
    }

    /// The same for a type and its content, as in a text frame.
    package mutating func append(text packet: ByteBuffer, to buffer: inout ByteBuffer) -> Bool {
        guard fits(packet.readableBytes) else { return false }
        separate(&buffer)
        buffer.writeImmutableBuffer(packet)
        size &+= packet.readableBytes
        return true
    }

    /// The same for the bytes of a binary message, which stand there as base64.
    package mutating func append(binary message: ByteBuffer, to buffer: inout ByteBuffer) -> Bool {
        let size = Self.size(ofBinary: message.readableBytes)
        guard fits(size) else { return false }
        separate(&buffer)
        buffer.writeInteger(UInt8(ascii: "b"))
        message.withUnsafeReadableBytes { Base64.encode($0, to: &buffer) }
        self.size &+= size
        return true
    }

    /// How many bytes a binary message of so many bytes takes in a payload.
    package static func size(ofBinary count: Int) -> Int {
        let (size, overflows) = Base64.encodedCount(count).addingReportingOverflow(1)
        return overflows ? .max : size
    }

    private mutating func separate(_ buffer: inout ByteBuffer) {
        if count > 0 {
            buffer.writeInteger(EngineIOPayloadReader.separator)
            size &+= 1
        }
        count &+= 1
    }
}

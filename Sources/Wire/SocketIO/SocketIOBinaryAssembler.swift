package import NIOCore

/// Holds a binary packet until the binary messages that belong to it have come.
///
/// One per connection: whatever the namespace, the attachments of a packet follow it directly, and only packets of
/// Engine.IO itself may come between them. What is held are slices of the buffers that were read: whoever
/// appends to such a buffer meanwhile pays for a copy. After an error nothing is held any more.
/// Source: socket.io-protocol, Readme.md, "Packet encoding"; socket.io-parser, lib/index.ts, `Decoder`.
package struct SocketIOBinaryAssembler: Hashable, Sendable {
    /// A binary packet that is complete.
    package struct Packet: Hashable, Sendable {
        /// The packet as it came, from its Socket.IO type on: `51-["name",{"_placeholder":true,"num":0}]`.
        package var text: ByteBuffer
        /// As many as the packet announced, in the order of their numbers.
        package var attachments: [ByteBuffer]

        package init(text: ByteBuffer, attachments: [ByteBuffer]) {
            self.text = text
            self.attachments = attachments
        }
    }

    private let maximumSize: Int
    private let maximumAttachments: Int
    private var waiting: Packet?
    private var missing = 0
    private var size = 0

    /// - Parameters:
    ///   - maximumSize: bytes of a packet together with its attachments.
    ///   - maximumAttachments: attachments of one packet.
    package init(
        maximumSize: Int = WireLimits().message,
        maximumAttachments: Int = SocketIOPacketView.maximumAttachments
    ) {
        self.maximumSize = maximumSize
        self.maximumAttachments = maximumAttachments
    }

    package init(limits: WireLimits) {
        self.init(maximumSize: limits.message, maximumAttachments: limits.attachments)
    }

    /// How many attachments are still to come; 0 where no packet waits.
    package var missingAttachments: Int {
        missing
    }

    /// Takes note of a packet in text: an error where attachments have to come first.
    ///
    /// To be called for every packet that is no binary one; it costs a comparison.
    @inline(__always)
    package mutating func admitText() throws(WireError) {
        if missing > 0 { throw interrupted() }
    }

    /// Takes a binary packet that announces so many attachments (one or more), and waits for them.
    package mutating func begin(_ text: ByteBuffer, attachments count: Int) throws(WireError) {
        try admitText()
        guard count > 0 else {
            throw fail(.protocolViolation, "A binary packet does not say how many attachments it has.")
        }
        guard count <= maximumAttachments else {
            throw fail(.tooLarge, "A packet has \(count) attachments, more than the limit of \(maximumAttachments).")
        }
        try add(text)
        waiting = Packet(text: text, attachments: [])
        waiting?.attachments.reserveCapacity(count)
        missing = count
    }

    /// Takes a binary message; returns the packet where this was its last attachment.
    package mutating func append(_ attachment: ByteBuffer) throws(WireError) -> Packet? {
        guard missing > 0, waiting != nil else {
            throw fail(.protocolViolation, "A binary message came that belongs to no packet.")
        }
        try add(attachment)
        waiting?.attachments.append(attachment)
        missing &-= 1
        guard missing == 0 else { return nil }
        defer { reset() }
        return waiting
    }

    /// Forgets the packet that waits, as when the connection is gone.
    package mutating func reset() {
        waiting = nil
        missing = 0
        size = 0
    }
}

extension SocketIOBinaryAssembler {
    private mutating func add(_ bytes: ByteBuffer) throws(WireError) {
        let (sum, overflows) = size.addingReportingOverflow(bytes.readableBytes)
        if overflows || sum > maximumSize {
            throw fail(
                .tooLarge,
                "A packet and its attachments have more bytes than the limit of \(maximumSize)."
            )
        }
        size = sum
    }

    private mutating func interrupted() -> WireError {
        fail(.protocolViolation, "Another packet came before the attachments of a binary packet were complete.")
    }

    private mutating func fail(_ kind: WireError.Kind, _ sentence: String) -> WireError {
        reset()
        return WireError(kind, sentence)
    }
}

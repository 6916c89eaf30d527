import NIOCore

/// What is kept of one namespace of a client, so that it can come back as if it had never been away.
///
/// Every event without an acknowledgement id has an offset, which the client sees as its last argument. The client says the
/// last that it saw when it comes back, and is sent what came after it. Source: socketio/socket.io,
/// packages/socket.io-adapter/lib/in-memory-adapter.ts, `SessionAwareAdapter`.
struct RecoverableLine {
    /// An event that left, or would have left.
    struct Packet {
        var number: Int
        /// Without the offset.
        var message: ByteBuffer
        var attachments: [ByteBuffer]
    }

    /// How many events are kept; a client that saw none of them comes too late.
    static let limit = 1000

    /// The id that the client knows, and what it has to show to come back.
    let sid: String
    let pid: String
    /// Whether the client is away.
    var isAway = false
    private var packets: CircularBuffer<Packet> = []
    private var count = 0

    init(sid: String, pid: String) {
        self.sid = sid
        self.pid = pid
    }

    /// Keeps an event.
    mutating func keep(_ message: ByteBuffer, _ attachments: [ByteBuffer]) -> Packet {
        if packets.count == Self.limit { packets.removeFirst() }
        count += 1
        let packet = Packet(number: count, message: message, attachments: attachments)
        packets.append(packet)
        return packet
    }

    /// What the client missed; nil where the event with this offset is not kept.
    func packets(after offset: String) -> [Packet]? {
        guard let mark = offset.lastIndex(of: "."), let number = Int(offset[offset.index(after: mark)...]),
            self.offset(number) == offset, let first = packets.first, (first.number...count).contains(number)
        else { return nil }
        return Array(packets.dropFirst(number - first.number + 1))
    }

    /// The event as it goes out: with its offset as the last argument.
    func text(of packet: Packet) -> ByteBuffer {
        let message = packet.message
        var text = ByteBufferAllocator().buffer(capacity: message.readableBytes + 40)
        // An event ends with the bracket of its list.
        text.writeImmutableBuffer(
            message.getSlice(at: message.readerIndex, length: message.readableBytes - 1) ?? message
        )
        text.writeString(",\"\(offset(packet.number))\"]")
        return text
    }

    private func offset(_ number: Int) -> String { "\(sid).\(number)" }
}

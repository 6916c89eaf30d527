package import NIOCore

/// One line of a recording: something that happened.
package struct RecordingEntry: Hashable, Sendable {
    /// How long after the start; `t` of the line, in milliseconds there.
    package var time: Duration
    /// Which connection; 0 for a request that belongs to none.
    package var connection: Int
    package var content: Content

    package init(time: Duration, connection: Int, content: Content) {
        self.time = time
        self.connection = connection
        self.content = content
    }

    /// What happened.
    package enum Content: Hashable, Sendable {
        /// The client sent a message.
        case out(RecordedMessage)
        /// The server sent a message.
        case `in`(RecordedMessage)
        /// The server answered a handshake.
        case open(RecordedOpening)
        case close(RecordedClosing)
        /// Something went wrong; a sentence.
        case error(String)
        case http(RecordedExchange)
    }
}

/// How a message travelled.
package enum RecordedTransport: String, Hashable, Sendable {
    case webSocket = "websocket"
    case polling
}

/// A message: what a WebSocket frame held, or a packet of a polling payload as a frame would hold it.
package struct RecordedMessage: Hashable, Sendable {
    package var body: RecordedBody
    package var transport: RecordedTransport

    package init(_ body: RecordedBody, transport: RecordedTransport = .webSocket) {
        self.body = body
        self.transport = transport
    }

    package init(text: String, transport: RecordedTransport = .webSocket) {
        self.init(RecordedBody(text: text), transport: transport)
    }
}

/// Bytes that were sent, whole or their beginning.
package struct RecordedBody: Hashable, Sendable {
    package var bytes: ByteBuffer
    /// Whether the bytes are no text.
    package var isBinary: Bool
    /// How many bytes there were, where `bytes` is only their beginning.
    package var fullSize: Int?

    package init(bytes: ByteBuffer, isBinary: Bool, fullSize: Int? = nil) {
        self.bytes = bytes
        self.isBinary = isBinary
        self.fullSize = fullSize
    }

    package init(text: String) {
        self.init(bytes: ByteBuffer(string: text), isBinary: false)
    }

    package var isTruncated: Bool { fullSize != nil }

    /// The bytes as text; what is no UTF-8 is replaced.
    package var text: String { String(buffer: bytes) }
}

/// One header of a request or an answer.
package struct RecordedHeader: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [RecordedHeader] {
    /// The value of the first header with this name in any case.
    package func first(named name: String) -> String? {
        first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

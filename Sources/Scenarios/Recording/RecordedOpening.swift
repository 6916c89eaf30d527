/// A handshake and the server's answer to it.
///
/// A second one of a connection that is still open is Engine.IO's upgrade.
package struct RecordedOpening: Hashable, Sendable {
    /// Scheme, host and port: `wss://shop.example`.
    package var url: String
    /// With the query.
    package var path: String
    package var transport: RecordedTransport
    /// 101, or of polling 200; anything else: no connection came about. Nil where no answer came.
    package var status: Int?
    package var requestHeaders: [RecordedHeader]
    package var responseHeaders: [RecordedHeader]

    package init(
        url: String,
        path: String,
        transport: RecordedTransport = .webSocket,
        status: Int? = 101,
        requestHeaders: [RecordedHeader] = [],
        responseHeaders: [RecordedHeader] = []
    ) {
        self.url = url
        self.path = path
        self.transport = transport
        self.status = status
        self.requestHeaders = requestHeaders
        self.responseHeaders = responseHeaders
    }

    /// Whether a connection came about.
    package var isOpen: Bool {
        status == (transport == .webSocket ? 101 : 200)
    }
}

/// The end of a connection.
package struct RecordedClosing: Hashable, Sendable {
    package enum Side: String, Hashable, Sendable {
        case client, server
    }

    /// The code of the close frame; 1005: it had none; 1006: there was no close frame.
    package var code: Int
    package var reason: String
    /// Who was first; nil where that is not known.
    package var side: Side?

    package init(code: Int, reason: String = "", side: Side? = nil) {
        self.code = code
        self.reason = reason
        self.side = side
    }
}

/// A request beside the sockets, and its answer.
package struct RecordedExchange: Hashable, Sendable {
    package var method: String
    /// With scheme, host and query.
    package var url: String
    /// Nil where no answer came.
    package var status: Int?
    /// From the request to the end of the answer; the entry's time is the request's.
    package var duration: Duration?
    package var requestHeaders: [RecordedHeader]
    package var responseHeaders: [RecordedHeader]
    package var requestBody: RecordedBody?
    package var responseBody: RecordedBody?

    package init(
        method: String,
        url: String,
        status: Int? = nil,
        duration: Duration? = nil,
        requestHeaders: [RecordedHeader] = [],
        responseHeaders: [RecordedHeader] = [],
        requestBody: RecordedBody? = nil,
        responseBody: RecordedBody? = nil
    ) {
        self.method = method
        self.url = url
        self.status = status
        self.duration = duration
        self.requestHeaders = requestHeaders
        self.responseHeaders = responseHeaders
        self.requestBody = requestBody
        self.responseBody = responseBody
    }
}

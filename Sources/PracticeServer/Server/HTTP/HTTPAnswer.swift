import NIOCore

/// An answer to an HTTP request.
struct HTTPAnswer {
    var status: Int
    /// Empty where there is no body.
    var contentType: String
    var body: ByteBuffer
    /// Headers beside those that every answer has.
    var headers: [(name: String, value: String)] = []

    static func json(_ status: Int, _ body: ByteBuffer) -> HTTPAnswer {
        HTTPAnswer(status: status, contentType: "application/json", body: body)
    }

    /// An answer of the polling transport, which nobody may keep.
    static func text(_ status: Int, _ body: ByteBuffer, contentType: String) -> HTTPAnswer {
        HTTPAnswer(status: status, contentType: contentType, body: body, headers: [("Cache-Control", "no-store")])
    }

    static func empty(_ status: Int) -> HTTPAnswer {
        HTTPAnswer(status: status, contentType: "", body: ByteBuffer())
    }

    static func error(_ status: Int, _ message: StaticString) -> HTTPAnswer {
        var body = EventWriter(objectWithCapacity: 64)
        body.member("error", message)
        return json(status, body.finishObject())
    }

    static func refusal(_ refusal: EngineIORefusal) -> HTTPAnswer {
        json(refusal.status, refusal.body)
    }
}

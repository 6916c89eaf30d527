import NIOCore

/// What a client has streamed up so far, of one stream.
struct EchoUpload {
    var chunks = 0
    var bytes = 0
    /// The highest index, from 0; -1 before the first chunk.
    var highest = -1
}

/// Streams of the clients' own: chunks go up, and what came of them is told at the end.
extension EchoDialect {
    /// How many streams one client may have open.
    static let uploadLimit = 16
    private static let indexLimit = 1 << 20

    /// `chunk {stream, index, text}`, acknowledged with `{"ok":true}`.
    mutating func takeChunk(_ event: IncomingEvent, from socket: SocketID) -> EventReply {
        guard let stream = event.payload.string("stream"), stream.utf8.count <= 64,
            let index = event.payload.integer("index"), (0..<Self.indexLimit).contains(index),
            let text = event.payload.string("text")
        else { return .rejected("a chunk has a stream, an index and a text") }
        var upload = uploads[socket]?[stream] ?? EchoUpload()
        if upload.chunks == 0, (uploads[socket]?.count ?? 0) >= Self.uploadLimit {
            return .rejected("\(Self.uploadLimit) streams are open")
        }
        upload.chunks += 1
        upload.bytes += text.utf8.count
        upload.highest = max(upload.highest, index)
        uploads[socket, default: [:]][stream] = upload
        return .accepted
    }

    /// `end {stream}`: the client gets `assembled {stream, chunks, bytes, missing}`.
    mutating func endUpload(
        _ event: IncomingEvent,
        from socket: SocketID,
        output: inout DialectOutput
    ) -> EventReply {
        guard let stream = event.payload.string("stream"), let upload = uploads[socket]?.removeValue(forKey: stream)
        else { return .rejected("no such stream is open") }
        var answer = EventWriter(event: EchoEvent.assembled.name)
        answer.member("stream", string: stream)
        answer.member("chunks", upload.chunks)
        answer.member("bytes", upload.bytes)
        answer.member("missing", max(0, upload.highest + 1 - upload.chunks))
        output.actions.append(.send(socket, event: EchoEvent.assembled.rawValue, message: answer.finishEvent()))
        return .accepted
    }
}

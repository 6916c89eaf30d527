package import NIOCore
package import Scenarios
import Wire

/// From what happens on the proxy's connections to the entries of a recording.
///
/// A connection of a recording is a WebSocket or a session of Engine.IO, whichever of the client's connections its
/// polling requests use: those are told by the session's id. Source: docs/recordings.md.
package struct TrafficTranslation {
    private let start: NIODeadline
    private let target: ServerURL
    private var count = 0
    /// The recording's connection of each WebSocket, by the proxy's.
    private var sockets: [Int: Int] = [:]
    /// The session whose polling request came last on each of the proxy's connections.
    private var polling: [Int: Int] = [:]
    /// The recording's connection of each session, by its id.
    private var sessions: [String: Int] = [:]
    /// Those that ended.
    private var ended: Set<Int> = []

    package init(start: NIODeadline, target: ServerURL) {
        self.start = start
        self.target = target
    }

    /// The entries for an event, in their order.
    package mutating func entries(for event: TrafficEvent, on connection: Int, at time: NIODeadline) -> [RecordingEntry]
    {
        let time = since(time)
        switch event {
        case .requested(let request): return requested(request, connection, time)
        case .answered(let request, let answer): return answered(request, answer, connection, time)
        case .opened(let request, let answer):
            let number = request.engineSession.flatMap { sessions[$0] } ?? next()
            sockets[connection] = number
            return [opening(request, answer, .webSocket, number, time)]
        case .message(let direction, let copy, let isText):
            let message = RecordedMessage(RecordedBody(copy, isText: isText))
            return [entry(direction == .out ? .out(message) : .in(message), sockets[connection] ?? 0, time)]
        case .ping, .pong:
            return []
        case .closed(let direction, let code, let reason):
            // It is known on: what the other side had sent before it heard of the end still comes.
            guard let number = sockets[connection] else { return [] }
            let side: RecordedClosing.Side = direction == .out ? .client : .server
            return close(number, RecordedClosing(code: Int(code ?? 1005), reason: reason, side: side), time)
        case .failed(let sentence):
            let number = sockets[connection] ?? polling[connection] ?? 0
            // How the connections of a session are closed that has ended says nothing of it.
            return ended.contains(number) ? [] : [entry(.error(sentence), number, time)]
        }
    }

    // MARK: Requests

    private mutating func requested(
        _ request: TrafficEvent.Request,
        _ connection: Int,
        _ time: Duration
    ) -> [RecordingEntry] {
        polling[connection] = nil
        guard request.isPolling, let number = request.engineSession.flatMap({ sessions[$0] }) else { return [] }
        polling[connection] = number
        guard request.method == "POST" else { return [] }
        return packets(request.body, number, time) { .out($0) }
    }

    private mutating func answered(
        _ request: TrafficEvent.Request,
        _ answer: TrafficEvent.Answer,
        _ connection: Int,
        _ time: Duration
    ) -> [RecordingEntry] {
        if request.asksWebSocket { return refused(request, answer, time) }
        guard request.isPolling, request.method == "GET" || request.method == "POST" else {
            // A page that asks whether it may send what it then sends.
            return request.isPolling ? [] : [exchange(request, answer)]
        }
        guard let sid = request.engineSession else { return handshake(request, answer, connection, time) }
        let number = sessions[sid] ?? 0
        guard answer.status == 200 else {
            let sentence = "\(request.method) of the session was answered with status \(answer.status)"
            return [entry(.error("\(sentence): \(answer.body.start)"), number, time)]
        }
        return request.method == "GET" ? packets(answer.body, number, time) { .in($0) } : []
    }

    /// A first polling request: a session, or none.
    private mutating func handshake(
        _ request: TrafficEvent.Request,
        _ answer: TrafficEvent.Answer,
        _ connection: Int,
        _ time: Duration
    ) -> [RecordingEntry] {
        let number = next()
        let opening = opening(request, answer, .polling, number, time)
        guard answer.status == 200 else { return [opening] }
        if let sid = answer.body.sessionID { sessions[sid] = number }
        polling[connection] = number
        return [opening] + packets(answer.body, number, time) { .in($0) }
    }

    /// A WebSocket that the server did not open.
    private mutating func refused(
        _ request: TrafficEvent.Request,
        _ answer: TrafficEvent.Answer,
        _ time: Duration
    ) -> [RecordingEntry] {
        if let number = request.engineSession.flatMap({ sessions[$0] }) {
            let sentence = "the upgrade to a WebSocket was answered with status \(answer.status)"
            return [entry(.error("\(sentence): \(answer.body.start)"), number, time)]
        }
        return [opening(request, answer, .webSocket, next(), time)]
    }

    private mutating func packets(
        _ body: BodyCopy,
        _ number: Int,
        _ time: Duration,
        _ content: (RecordedMessage) -> RecordingEntry.Content
    ) -> [RecordingEntry] {
        var entries: [RecordingEntry] = []
        for message in body.packets {
            entries.append(entry(content(message), number, time))
            guard message.body.bytes.readableBytesView.first == EngineIOPacketType.close.rawValue,
                !message.body.isBinary
            else { continue }
            let side: RecordedClosing.Side = if case .out = content(message) { .client } else { .server }
            entries += close(number, RecordedClosing(code: 1005, side: side), time)
        }
        return entries
    }

    // MARK: Entries

    private mutating func next() -> Int {
        count += 1
        return count
    }

    private mutating func close(_ number: Int, _ closing: RecordedClosing, _ time: Duration) -> [RecordingEntry] {
        ended.insert(number).inserted ? [entry(.close(closing), number, time)] : []
    }

    private func entry(_ content: RecordingEntry.Content, _ number: Int, _ time: Duration) -> RecordingEntry {
        RecordingEntry(time: time, connection: number, content: content)
    }

    private func opening(
        _ request: TrafficEvent.Request,
        _ answer: TrafficEvent.Answer,
        _ transport: RecordedTransport,
        _ number: Int,
        _ time: Duration
    ) -> RecordingEntry {
        let url = target.description
        let opening = RecordedOpening(
            url: transport == .webSocket ? "ws\(url.dropFirst(4))" : url,
            path: request.path,
            transport: transport,
            status: answer.status,
            requestHeaders: request.head.recorded,
            responseHeaders: answer.head.recorded
        )
        return entry(.open(opening), number, time)
    }

    private func exchange(_ request: TrafficEvent.Request, _ answer: TrafficEvent.Answer) -> RecordingEntry {
        let exchange = RecordedExchange(
            method: request.method,
            url: "\(target)\(request.path)",
            status: answer.status,
            duration: .nanoseconds((answer.ended - request.began).nanoseconds),
            requestHeaders: request.head.recorded,
            responseHeaders: answer.head.recorded,
            requestBody: RecordedBody(ofMessage: request.body),
            responseBody: RecordedBody(ofMessage: answer.body)
        )
        return entry(.http(exchange), 0, since(request.began))
    }

    private func since(_ time: NIODeadline) -> Duration {
        .nanoseconds(max(0, (time - start).nanoseconds))
    }
}

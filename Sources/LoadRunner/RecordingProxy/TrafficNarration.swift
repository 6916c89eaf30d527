package import NIOCore
import Wire

/// What happens on the connections in lines for a person: `12.345 #1 → emit join_session {"sessionId":…}`.
///
/// Socket.IO is told as what it means, over WebSocket and polling alike; its heartbeats and the moves of its transports
/// are left out. Queries are not shown, since secrets stand in them.
package struct TrafficNarration {
    private let start: NIODeadline
    private let width: Int
    /// The WebSockets that speak Engine.IO.
    private var engineSockets: Set<Int> = []

    /// - Parameter width: How many characters a line may have.
    package init(start: NIODeadline, width: Int = 120) {
        self.start = start
        self.width = width
    }

    /// The lines for an event, mostly one.
    package mutating func lines(for event: TrafficEvent, on connection: Int, at time: NIODeadline) -> [String] {
        words(for: event, on: connection).map { line($0, connection, time) }
    }

    private mutating func words(for event: TrafficEvent, on connection: Int) -> [String] {
        switch event {
        case .opened(let request, _):
            if request.isEngineIO { engineSockets.insert(connection) }
            return ["↔ websocket \(request.shownPath)"]
        case .requested(let request):
            guard request.isEngineIO, request.method == "POST" else { return [] }
            return packets(request.body, "→")
        case .answered(let request, let answer):
            return words(for: request, answer)
        case .message(let direction, let copy, let isText):
            let sign = direction == .out ? "→" : "←"
            guard engineSockets.contains(connection) else { return ["\(sign) \(isText ? copy.text : copy.size)"] }
            guard isText else { return ["\(sign) binary \(copy.size)"] }
            return copy.bytes.withUnsafeReadableBytes { bytes in
                PacketWords.of(bytes, in: 0..<bytes.count).map { ["\(sign) \($0)"] } ?? []
            }
        case .ping(let direction, _) where !engineSockets.contains(connection):
            return ["\(direction == .out ? "→" : "←") ping"]
        case .pong(let direction, _) where !engineSockets.contains(connection):
            return ["\(direction == .out ? "→" : "←") pong"]
        case .ping, .pong:
            return []
        case .closed(let direction, let code, let reason):
            engineSockets.remove(connection)
            let number = code.map { " \($0)" } ?? ""
            return ["\(direction == .out ? "→" : "←") close\(number)\(reason.isEmpty ? "" : " \(reason)")"]
        case .failed(let sentence):
            return ["✗ \(sentence)"]
        }
    }

    private func words(for request: TrafficEvent.Request, _ answer: TrafficEvent.Answer) -> [String] {
        if request.isEngineIO, answer.status == 200 { return request.method == "GET" ? packets(answer.body, "←") : [] }
        let milliseconds = (answer.began - request.began).nanoseconds / 1_000_000
        let size = answer.body.total > 0 ? ", \(answer.body.size)" : ""
        return ["⇄ \(request.method) \(request.shownPath) \(answer.status) (\(milliseconds) ms\(size))"]
    }

    /// The packets of a polling payload.
    private func packets(_ body: BodyCopy, _ sign: String) -> [String] {
        body.bytes.withUnsafeReadableBytes { bytes in
            var reader = EngineIOPayloadReader(maximumSize: bytes.count)
            var words: [String] = []
            while let packet = try? reader.next(bytes) {
                switch packet {
                case .text(let range):
                    if let text = PacketWords.of(bytes, in: range) { words.append("\(sign) \(text)") }
                case .binary(let range): words.append("\(sign) binary \(range.count / 4 * 3) bytes")
                }
            }
            return words
        }
    }

    private func line(_ words: String, _ connection: Int, _ time: NIODeadline) -> String {
        let milliseconds = max(0, (time - start).nanoseconds / 1_000_000)
        let fraction = String(milliseconds % 1000 + 1000).dropFirst()
        let line = "\(milliseconds / 1000).\(fraction) #\(connection) \(words)"
        let start = line.unicodeScalars.prefix(width)
        let shown = start.map { $0.value < 0x20 || $0.value == 0x7F ? $0.escaped(asASCII: true) : String($0) }.joined()
        return line.unicodeScalars.count > width ? "\(shown.prefix(width - 1))…" : shown
    }
}

extension TrafficEvent.Request {
    /// Whether it is one of Engine.IO's, whichever version.
    var isEngineIO: Bool {
        path.split(separator: "?").dropFirst().contains { $0.split(separator: "&").contains { $0.hasPrefix("EIO=") } }
    }

    /// The path without its query.
    var shownPath: String { String(path.prefix { $0 != "?" }) }
}

extension BodyCopy {
    fileprivate var text: String {
        let part = bytes.getSlice(at: bytes.readerIndex, length: min(bytes.readableBytes, 1024)) ?? bytes
        return String(buffer: part)
    }

    fileprivate var size: String { total == 1 ? "1 byte" : "\(total) bytes" }
}

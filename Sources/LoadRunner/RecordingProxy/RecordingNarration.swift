import NIOCore
package import Scenarios
import Wire

/// The entries of a recording in lines for a person: `12.345 #1 → emit join_session {"sessionId":…}`.
///
/// Socket.IO is told as what it means, over WebSocket and polling alike; its heartbeats and the moves of its transports
/// are left out. Queries are not shown.
package struct RecordingNarration {
    private let width: Int
    /// The connections that speak Engine.IO.
    private var engineConnections: Set<Int> = []

    /// - Parameter width: How many characters a line may have.
    package init(width: Int = 100) {
        self.width = width
    }

    /// The line for an entry; nil where it has none.
    package mutating func line(for entry: RecordingEntry) -> String? {
        guard let words = words(for: entry) else { return nil }
        let milliseconds = Int(entry.time / .milliseconds(1))
        let connection = entry.connection == 0 ? "" : " #\(entry.connection)"
        return cut("\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())\(connection) \(words)")
    }

    private mutating func words(for entry: RecordingEntry) -> String? {
        switch entry.content {
        case .open(let opening):
            if opening.path.contains("EIO=") { engineConnections.insert(entry.connection) }
            let answer = opening.isOpen ? "" : ": refused with status \(opening.status.map(String.init) ?? "none")"
            return "↔ \(opening.transport.rawValue) \(path(opening.path))\(answer)"
        case .out(let message): return words(for: message, entry.connection).map { "→ \($0)" }
        case .in(let message): return words(for: message, entry.connection).map { "← \($0)" }
        case .close(let closing):
            let sign = closing.side == .client ? "→" : "←"
            return "\(sign) close \(closing.code)\(closing.reason.isEmpty ? "" : " \(closing.reason)")"
        case .error(let sentence): return "✗ \(sentence)"
        case .http(let exchange):
            let milliseconds = exchange.duration.map { ", \(Int($0 / .milliseconds(1))) ms" } ?? ""
            let size = exchange.responseBody.map { ", \($0.size)" } ?? ""
            let address = exchange.url.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
            let status = exchange.status.map(String.init) ?? "no answer"
            return "⇄ \(exchange.method) \(path(String(address))) \(status)\(milliseconds)\(size)"
        }
    }

    private func words(for message: RecordedMessage, _ connection: Int) -> String? {
        if message.body.isBinary { return "binary \(message.body.size)" }
        let bytes = message.body.bytes
        let start = bytes.getSlice(at: bytes.readerIndex, length: min(bytes.readableBytes, 4096)) ?? bytes
        guard engineConnections.contains(connection) else { return String(buffer: start) }
        // Only a whole packet can be taken apart; the start of a long one is shown as it is.
        return bytes.withUnsafeReadableBytes { PacketWords.of($0, in: 0..<$0.count) }
    }

    private func path(_ path: String) -> Substring { path.prefix { $0 != "?" } }

    private func cut(_ line: String) -> String {
        let scalars = line.unicodeScalars
        let shown = scalars.prefix(width - 1).map {
            $0.value < 0x20 || $0.value == 0x7F ? $0.escaped(asASCII: true) : String($0)
        }
        return shown.joined() + (scalars.count >= width ? "…" : "")
    }
}

extension RecordedBody {
    fileprivate var size: String {
        let count = fullSize ?? bytes.readableBytes
        return count == 1 ? "1 byte" : "\(count) bytes"
    }
}

import Foundation
import NIOCore
import Scenarios
import Wire

/// A recording in short lines, of a server at an address that is not used: `TIME CONNECTION WHAT …`, times in milliseconds.
///
/// - `open PATH`, `poll PATH`: a WebSocket or a session over polling is open; `deny STATUS PATH`: it was turned down.
/// - `> TEXT`, `< TEXT`: a message, as it travels; `>b HEX`, `<b HEX`: a binary one.
/// - `close client|server CODE`, `error SENTENCE`
/// - `http METHOD PATH STATUS DURATION BODY => ANSWER`
func spoken(_ messageProtocol: Target.MessageProtocol = .socketIO, _ text: String) -> Recording {
    var recording = Recording(
        header: RecordingHeader(target: "http://127.0.0.1:1", targetProtocol: messageProtocol)
    )
    for line in text.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
        let words = line.split(separator: " ", maxSplits: 3).map(String.init)
        let rest = words.count > 3 ? words[3] : ""
        recording.entries.append(
            RecordingEntry(
                time: .microseconds(Int64((Double(words[0]) ?? 0) * 1000)),
                connection: Int(words[1]) ?? 1,
                content: content(words[2], rest)
            )
        )
    }
    return recording
}

private func content(_ what: String, _ rest: String) -> RecordingEntry.Content {
    let url = "http://127.0.0.1:1"
    let words = rest.split(separator: " ").map(String.init)
    switch what {
    case "open": return .open(RecordedOpening(url: url, path: rest))
    case "poll": return .open(RecordedOpening(url: url, path: rest, transport: .polling, status: 200))
    case "deny":
        return .open(RecordedOpening(url: url, path: words[1], status: Int(words[0])))
    case ">": return .out(RecordedMessage(text: rest))
    case "<": return .in(RecordedMessage(text: rest))
    case ">b": return .out(RecordedMessage(RecordedBody(bytes: bytes(rest), isBinary: true)))
    case "<b": return .in(RecordedMessage(RecordedBody(bytes: bytes(rest), isBinary: true)))
    case "close":
        return .close(RecordedClosing(code: Int(words[1]) ?? 1000, side: RecordedClosing.Side(rawValue: words[0])))
    case "http":
        let bodies = rest.split(separator: " ", maxSplits: 4).dropFirst(4).first.map(String.init) ?? ""
        let sides = bodies.components(separatedBy: " => ")
        return .http(
            RecordedExchange(
                method: words[0],
                url: url + words[1],
                status: Int(words[2]),
                duration: .milliseconds(Int64(words[3]) ?? 0),
                requestBody: sides[0].isEmpty ? nil : RecordedBody(text: sides[0]),
                responseBody: sides.count > 1 ? RecordedBody(text: sides[1]) : nil
            )
        )
    default: return .error(rest)
    }
}

private func bytes(_ hex: String) -> ByteBuffer {
    var bytes = ByteBuffer()
    var digits = hex[...]
    while digits.count >= 2 {
        bytes.writeInteger(UInt8(digits.prefix(2), radix: 16) ?? 0)
        digits = digits.dropFirst(2)
    }
    return bytes
}

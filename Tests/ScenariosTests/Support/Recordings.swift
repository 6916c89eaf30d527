import Foundation
import NIOCore
import Wire

@testable import Scenarios

/// A recording of one connection of Socket.IO, a message after the other, 100 ms apart.
///
/// `>` is what the client sends, `<` what the server does, `+500` a pause in milliseconds.
func socketIORecording(_ messages: [String], path: String = "/socket.io/?EIO=4&transport=websocket") -> Recording {
    recording(
        .socketIO,
        path,
        ["<0{\"sid\":\"a\",\"pingInterval\":25000,\"pingTimeout\":20000}", ">40", "<40{\"sid\":\"b\"}"]
            + messages.map {
                let first = $0.first
                return first == ">" || first == "<" ? "\($0.prefix(1))42\($0.dropFirst())" : $0
            }
    )
}

/// The same of a plain WebSocket.
func webSocketRecording(_ messages: [String], path: String = "/ws") -> Recording {
    recording(.webSocket, path, messages)
}

/// The same, each message as it travels.
func recording(_ messageProtocol: Target.MessageProtocol, _ path: String, _ messages: [String]) -> Recording {
    var recording = Recording(
        header: RecordingHeader(
            target: "http://127.0.0.1:3000",
            targetProtocol: messageProtocol,
            recordedAt: "2026-01-31T09:05:00.000Z"
        )
    )
    var time = 0.0
    func add(_ content: RecordingEntry.Content) {
        recording.entries.append(
            RecordingEntry(time: .milliseconds(Int64(time)), connection: 1, content: content)
        )
    }
    add(.open(RecordedOpening(url: "http://127.0.0.1:3000", path: path)))
    for message in messages {
        if message.hasPrefix("+") {
            time += Double(message.dropFirst()) ?? 0
            continue
        }
        time += 100
        let body = RecordedMessage(text: String(message.dropFirst()))
        add(message.hasPrefix(">") ? .out(body) : .in(body))
    }
    time += 100
    add(.close(RecordedClosing(code: 1000, side: .client)))
    return recording
}

/// The lines of the flow, or of another part, of the scenario that a recording becomes; comments left out.
func converted(_ recording: Recording, _ part: String = "flow", comments: Bool = false) -> String {
    let text = Converter.convert(recording, source: "test.rec.jsonl")?.scenario ?? ""
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).drop { !$0.hasPrefix("\(part):") }
    return lines.dropFirst().prefix { !$0.isEmpty }
        .filter { comments || !$0.drop(while: { $0 == " " }).hasPrefix("#") }.joined(separator: "\n")
}

/// A recording of the fixtures.
func fixture(_ name: String) throws -> Recording {
    try Recording.read(path: repository.appending(path: "Tests/ScenariosTests/Fixtures/recordings/\(name)").path)
        .recording
}

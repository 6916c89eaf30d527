import NIOCore
package import Scenarios
import Wire

extension KeptClient {
    /// The client's traffic as a recording, without secrets.
    ///
    /// Of what is not kept a secret may have been said under its name only there, or its name comes only later: everything
    /// is read twice.
    package func recording() -> Recording {
        let header = RecordingHeader(
            target: server,
            targetProtocol: messageProtocol,
            recordedAt: ISODate.text(epochMilliseconds: startEpochMilliseconds)
        )
        var redactor = RecordingRedactor(secrets: secrets)
        let entries = entries
        for entry in entries { _ = redactor.redact(entry) }
        return Recording(
            header: redactor.redact(header),
            entries: entries.map { redactor.redact($0).withShortSentence }
        )
    }

    /// What was on the tape, in its order, with its secrets.
    var entries: [RecordingEntry] {
        let before = Self.entries(in: content.start, content.startEntries)
        let after = Self.entries(in: content.end, content.endEntries)
        return before + between(before, after) + after
    }

    /// What is left out, and how the connection was opened that goes on behind it.
    private func between(_ before: [RecordingEntry], _ after: [RecordingEntry]) -> [RecordingEntry] {
        var entries: [RecordingEntry] = []
        let connection = after.first { $0.connection > 0 }?.connection ?? 1
        if content.fallen != TapeRing.Fallen() {
            let time = before.last?.time ?? .zero
            entries.append(RecordingEntry(time: time, connection: connection, content: .error(content.fallen.sentence)))
        }
        let isOpened = before.contains { $0.connection == connection && $0.content.isOpening }
        let opensItself = after.first { $0.connection == connection }?.content.isOpening ?? true
        if let opening = content.fallenOpening, opening.connection == connection, !isOpened, !opensItself {
            entries.append(opening)
        }
        return entries
    }

    private static func entries(in bytes: [UInt8], _ others: [RecordingEntry]) -> [RecordingEntry] {
        var entries: [RecordingEntry] = []
        var others = others[...]
        TapeRecord.forEach(in: bytes) { record, range in
            guard !record.isEntry else {
                if let entry = others.popFirst() { entries.append(entry) }
                return
            }
            let message = RecordedMessage(
                RecordedBody(record, bytes[range]),
                transport: record.kind.contains(.polling) ? .polling : .webSocket
            )
            entries.append(
                RecordingEntry(
                    time: .nanoseconds(record.time),
                    connection: Int(record.connection),
                    content: record.kind.contains(.out) ? .out(message) : .in(message)
                )
            )
        }
        return entries
    }
}

extension RecordedBody {
    fileprivate init(_ record: TapeRecord, _ bytes: ArraySlice<UInt8>) {
        var copy = BodyCopy(limit: bytes.count)
        copy.append(ByteBuffer(bytes: bytes))
        copy.addMissing(Int(record.size) - bytes.count)
        self.init(copy, isText: !record.kind.contains(.binary))
    }
}

extension TapeRing.Fallen {
    /// What is left out, for whoever reads the recording.
    fileprivate var sentence: String {
        func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }
        let messages = count(self.messages, "message", "messages") + " with " + count(bytes, "byte", "bytes")
        let entries = entries > 0 ? " and \(count(entries, "other entry", "other entries"))" : ""
        return "\(messages)\(entries) are left out here: the start of the client and its end are kept"
    }
}

extension RecordingEntry {
    private static let sentenceLimit = 2000

    /// An error's sentence cut to a readable length, which is only done when its secrets are out.
    fileprivate var withShortSentence: RecordingEntry {
        guard case .error(let sentence) = content, sentence.unicodeScalars.count > Self.sentenceLimit else {
            return self
        }
        var entry = self
        var short = String.UnicodeScalarView()
        short.append(contentsOf: sentence.unicodeScalars.prefix(Self.sentenceLimit))
        entry.content = .error("\(String(short))…")
        return entry
    }
}

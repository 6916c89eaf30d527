import Foundation
import NIOCore
import Scenarios
import Wire

extension TrafficEvent.Request {
    private var parameters: [(name: Substring, value: Substring)] {
        guard let query = path.split(separator: "?", maxSplits: 1).dropFirst().first else { return [] }
        return query.split(separator: "&").map { part in
            let name = part.prefix { $0 != "=" }
            return (name, part.dropFirst(name.count + 1))
        }
    }

    /// Whether it is a polling request of Engine.IO 4, whose payloads can be read.
    var isPolling: Bool {
        let parameters = parameters
        return parameters.contains { $0.name == "EIO" && $0.value == "4" }
            && parameters.contains { $0.name == "transport" && $0.value == "polling" }
    }

    /// The id of the session of Engine.IO that it belongs to.
    var engineSession: String? {
        let parameters = parameters
        guard parameters.contains(where: { $0.name == "EIO" }) else { return nil }
        let sid = parameters.first { $0.name == "sid" }?.value
        return sid.flatMap { String($0).removingPercentEncoding }
    }

    /// Whether it asked for a WebSocket.
    var asksWebSocket: Bool {
        head.hasToken("upgrade", in: "connection") && head.hasToken("websocket", in: "upgrade")
    }
}

extension RelayedHead {
    /// The headers that say something about the client or the session.
    var recorded: [RecordedHeader] {
        fields.filter { RecordedHeader.isTelling($0.name) }.map { RecordedHeader($0.writtenName, $0.value) }
    }
}

extension RecordedHeader {
    private static let tellingNames: Set<String> = [
        "origin", "user-agent", "cookie", "set-cookie", "authorization", "sec-websocket-protocol", "location",
        "content-type",
    ]

    /// Whether a header says something about the client or the session.
    ///
    /// - Parameter name: In lower case.
    static func isTelling(_ name: String) -> Bool {
        tellingNames.contains(name) || name.hasPrefix("x-")
    }

    var isTelling: Bool { Self.isTelling(name.lowercased()) }
}

extension RelayedHead.Field {
    fileprivate var writtenName: String {
        String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
    }
}

extension RecordedBody {
    init(_ copy: BodyCopy, isText: Bool) {
        var bytes = copy.bytes
        if isText, copy.isTruncated { bytes = bytes.withoutHalfCharacter }
        self.init(bytes: bytes, isBinary: !isText, fullSize: copy.isTruncated ? copy.total : nil)
    }

    /// The body of a request or an answer; nil where it had none.
    init?(ofMessage copy: BodyCopy) {
        guard copy.total > 0 else { return nil }
        let start = copy.isTruncated ? copy.bytes.withoutHalfCharacter : copy.bytes
        self.init(copy, isText: start.withUnsafeReadableBytes { UTF8Text.isValid($0) })
    }
}

extension ByteBuffer {
    /// The bytes without the character that a limit has cut in two.
    fileprivate var withoutHalfCharacter: ByteBuffer {
        var count = readableBytes
        let bytes = readableBytesView
        for back in 1...4 where back <= bytes.count {
            let byte = bytes[bytes.endIndex - back]
            if byte & 0xC0 == 0x80 { continue }
            let width = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            if width > back { count -= back }
            break
        }
        return getSlice(at: readerIndex, length: count) ?? self
    }
}

extension BodyCopy {
    /// The beginning, for a sentence.
    var start: String {
        String(String(buffer: bytes.getSlice(at: bytes.readerIndex, length: min(200, bytes.readableBytes)) ?? bytes))
    }

    /// The packets of a polling payload, each as a WebSocket frame would hold it.
    ///
    /// Of a payload that is not kept whole, the last one is what there is of it.
    var packets: [RecordedMessage] {
        bytes.withUnsafeReadableBytes { payload in
            var reader = EngineIOPayloadReader(maximumSize: payload.count)
            var messages: [RecordedMessage] = []
            while let packet = try? reader.next(payload) {
                switch packet {
                case .text(let range):
                    var copy = BodyCopy(limit: range.count)
                    copy.append(ByteBuffer(bytes: payload[range]))
                    if isTruncated, range.upperBound == payload.count { copy.addMissing(total - payload.count) }
                    messages.append(RecordedMessage(RecordedBody(copy, isText: true), transport: .polling))
                case .binary(let range):
                    var decoded = ByteBuffer()
                    // What is cut off is whole only up to a group of four.
                    let whole = range.lowerBound..<(range.lowerBound + range.count / 4 * 4)
                    let isCut = isTruncated && range.upperBound == payload.count
                    let part = isCut ? whole : range
                    guard (try? EngineIOPayloadReader.decode(part, in: payload, limit: .max, to: &decoded)) != nil
                    else { continue }
                    let missing = isCut ? (total - payload.count) / 4 * 3 : 0
                    let size = decoded.readableBytes
                    let body = RecordedBody(bytes: decoded, isBinary: true, fullSize: isCut ? size + missing : nil)
                    messages.append(RecordedMessage(body, transport: .polling))
                }
            }
            return messages
        }
    }

    /// The id that the server gave the session that this answer opens.
    var sessionID: String? {
        bytes.withUnsafeReadableBytes { payload in
            var reader = EngineIOPayloadReader(maximumSize: payload.count)
            guard case .text(let range)? = try? reader.next(payload), let first = range.first,
                payload[first] == EngineIOPacketType.open.rawValue
            else { return nil }
            return try? EngineIOOpen(parsing: payload, range: (first + 1)..<range.upperBound).sid
        }
    }
}

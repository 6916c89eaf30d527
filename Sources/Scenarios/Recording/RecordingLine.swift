package import NIOCore
import Wire

/// Writes a recording, a line at a time.
///
/// Bytes go straight into the buffer. Text that is no UTF-8 is written as binary, so that a line is always JSON.
package enum RecordingLine {
    /// Appends the first line.
    package static func write(_ header: RecordingHeader, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"reprise\":")
        JSONWriter.writeInteger(header.version, to: &buffer)
        write("target", header.target, to: &buffer)
        if let targetProtocol = header.targetProtocol { write("protocol", targetProtocol.rawValue, to: &buffer) }
        if let recordedAt = header.recordedAt { write("recordedAt", recordedAt, to: &buffer) }
        write("redacted", header.redacted, to: &buffer)
        if !header.removed.isEmpty { write("removed", header.removed, to: &buffer) }
        buffer.writeStaticString("}\n")
    }

    /// Appends one entry.
    package static func write(_ entry: RecordingEntry, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("{\"t\":")
        write(entry.time, to: &buffer)
        buffer.writeStaticString(",\"c\":")
        JSONWriter.writeInteger(entry.connection, to: &buffer)
        switch entry.content {
        case .out(let message):
            buffer.writeStaticString(",\"dir\":\"out\"")
            write(message, to: &buffer)
        case .in(let message):
            buffer.writeStaticString(",\"dir\":\"in\"")
            write(message, to: &buffer)
        case .open(let opening):
            buffer.writeStaticString(",\"dir\":\"open\"")
            write(opening, to: &buffer)
        case .close(let closing):
            buffer.writeStaticString(",\"dir\":\"close\",\"code\":")
            JSONWriter.writeInteger(closing.code, to: &buffer)
            write("reason", closing.reason, to: &buffer)
            if let side = closing.side { write("by", side.rawValue, to: &buffer) }
        case .error(let sentence):
            buffer.writeStaticString(",\"dir\":\"error\"")
            write("message", sentence, to: &buffer)
        case .http(let exchange):
            buffer.writeStaticString(",\"dir\":\"http\"")
            write(exchange, to: &buffer)
        }
        buffer.writeStaticString("}\n")
    }
}

extension RecordingLine {
    private static func write(_ message: RecordedMessage, to buffer: inout ByteBuffer) {
        if message.transport != .webSocket { write("via", message.transport.rawValue, to: &buffer) }
        writeMembers(of: message.body, to: &buffer)
    }

    private static func write(_ opening: RecordedOpening, to buffer: inout ByteBuffer) {
        write("via", opening.transport.rawValue, to: &buffer)
        write("url", opening.url, to: &buffer)
        write("path", opening.path, to: &buffer)
        write("status", opening.status, to: &buffer)
        write("request", opening.requestHeaders, to: &buffer)
        write("response", opening.responseHeaders, to: &buffer)
    }

    private static func write(_ exchange: RecordedExchange, to buffer: inout ByteBuffer) {
        write("method", exchange.method, to: &buffer)
        write("url", exchange.url, to: &buffer)
        write("status", exchange.status, to: &buffer)
        if let duration = exchange.duration {
            buffer.writeStaticString(",\"duration\":")
            write(duration, to: &buffer)
        }
        write("request", exchange.requestHeaders, to: &buffer)
        if let body = exchange.requestBody { write("requestBody", body, to: &buffer) }
        write("response", exchange.responseHeaders, to: &buffer)
        if let body = exchange.responseBody { write("responseBody", body, to: &buffer) }
    }

    private static func write(_ name: StaticString, _ body: RecordedBody, to buffer: inout ByteBuffer) {
        writeName(name, to: &buffer)
        // The first member's comma has no place here: it is written over.
        let start = buffer.writerIndex
        writeMembers(of: body, to: &buffer)
        buffer.setInteger(UInt8(ascii: "{"), at: start)
        buffer.writeInteger(UInt8(ascii: "}"))
    }

    private static func writeMembers(of body: RecordedBody, to buffer: inout ByteBuffer) {
        let isText = !body.isBinary && body.bytes.withUnsafeReadableBytes { UTF8Text.isValid($0) }
        buffer.writeStaticString(isText ? ",\"kind\":\"text\",\"data\":\"" : ",\"kind\":\"binary\",\"data\":\"")
        body.bytes.withUnsafeReadableBytes { bytes in
            if isText {
                JSONWriter.writeStringContent(bytes, to: &buffer)
            } else {
                Base64.encode(bytes, to: &buffer)
            }
        }
        buffer.writeInteger(UInt8(ascii: "\""))
        write("truncated", body.fullSize, to: &buffer)
    }
}

extension RecordingLine {
    private static func writeName(_ name: StaticString, to buffer: inout ByteBuffer) {
        buffer.writeStaticString(",\"")
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
    }

    private static func write(_ name: StaticString, _ text: String, to buffer: inout ByteBuffer) {
        writeName(name, to: &buffer)
        JSONWriter.writeString(text, to: &buffer)
    }

    private static func write(_ name: StaticString, _ number: Int?, to buffer: inout ByteBuffer) {
        guard let number else { return }
        writeName(name, to: &buffer)
        JSONWriter.writeInteger(number, to: &buffer)
    }

    private static func write(_ name: StaticString, _ texts: [String], to buffer: inout ByteBuffer) {
        writeName(name, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            JSONWriter.writeString(text, to: &buffer)
        }
        buffer.writeInteger(UInt8(ascii: "]"))
    }

    private static func write(_ name: StaticString, _ headers: [RecordedHeader], to buffer: inout ByteBuffer) {
        guard !headers.isEmpty else { return }
        writeName(name, to: &buffer)
        buffer.writeInteger(UInt8(ascii: "["))
        for (index, header) in headers.enumerated() {
            buffer.writeStaticString(index > 0 ? ",[" : "[")
            JSONWriter.writeString(header.name, to: &buffer)
            buffer.writeInteger(UInt8(ascii: ","))
            JSONWriter.writeString(header.value, to: &buffer)
            buffer.writeInteger(UInt8(ascii: "]"))
        }
        buffer.writeInteger(UInt8(ascii: "]"))
    }

    /// Milliseconds with at most three places: `12.345`.
    private static func write(_ time: Duration, to buffer: inout ByteBuffer) {
        let (seconds, attoseconds) = time.components
        let clamped = min(max(seconds, 0), 1 << 40)
        let microseconds = seconds < 0 ? 0 : Int(clamped) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
        JSONWriter.writeInteger(microseconds / 1000, to: &buffer)
        var rest = microseconds % 1000
        guard rest > 0 else { return }
        buffer.writeInteger(UInt8(ascii: "."))
        for place in [100, 10, 1] where rest > 0 {
            buffer.writeInteger(UInt8(ascii: "0") + UInt8(rest / place))
            rest %= place
        }
    }
}

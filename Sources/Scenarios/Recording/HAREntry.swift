import NIOCore
import Wire

/// One entry of a HAR file. Source: "HTTP Archive (HAR) format", version 1.2, and what browsers add to it.
struct HAREntry {
    let tree: JSONValue
    /// Its place in `log.entries`, from 0.
    let index: Int

    var method: String { tree["request"]?["method"]?.textValue ?? "GET" }
    var url: String { tree["request"]?["url"]?.textValue ?? "" }
    var status: Int? {
        guard case .integer(let status)? = tree["response"]?["status"], status > 0, status < 1000 else { return nil }
        return status
    }

    /// Milliseconds since 1970, with what the file says of microseconds.
    var start: Double? {
        guard let text = tree["startedDateTime"]?.textValue, let time = ISODate.epochMilliseconds(text) else {
            return nil
        }
        return Double(time) + microseconds / 1000
    }

    /// What the file says beyond milliseconds: mitmproxy has six places, browsers three.
    private var microseconds: Double {
        guard let text = tree["startedDateTime"]?.textValue, let point = text.firstIndex(of: ".") else { return 0 }
        let digits = text[text.index(after: point)...].prefix { $0.isASCII && $0.isNumber }
        return digits.count == 6 ? Double(digits.suffix(3)) ?? 0 : 0
    }

    /// Whether `start` is cut to whole milliseconds.
    var isStartCut: Bool { microseconds == 0 }

    /// Milliseconds.
    var duration: Double? {
        guard let time = tree["time"]?.numberValue, time >= 0, time < 1e10 else { return nil }
        return time
    }

    /// What Chrome says the request was for, in lower case.
    var resourceType: String? { tree["_resourceType"]?.textValue?.lowercased() }

    var messages: [JSONValue]? {
        guard case .array(let messages)? = tree["_webSocketMessages"] else { return nil }
        return messages
    }

    /// Whether the server said that the thing is elsewhere.
    var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Whether any message came about; what browsers note of a failure is none.
    var hasMessages: Bool {
        messages?.contains { $0["type"]?.textValue != "error" && $0["opcode"] != .integer(-1) } ?? false
    }

    var isWebSocket: Bool {
        url.hasPrefix("ws://") || url.hasPrefix("wss://") || resourceType == "websocket" || messages != nil
            || requestHeaders.first(named: "Upgrade")?.lowercased() == "websocket"
    }

    /// Scheme, host and port, with the schemes of HTTP: `https://shop.example`.
    var origin: String? {
        guard let mark = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<mark.lowerBound].lowercased()
        let host = url[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        switch scheme {
        case "ws", "http": return "http://\(host)"
        case "wss", "https": return "https://\(host)"
        default: return nil
        }
    }

    /// The path with its query.
    var path: String {
        guard let mark = url.firstRange(of: "://") else { return "/" }
        let path = url[mark.upperBound...].drop { $0 != "/" && $0 != "?" && $0 != "#" }.prefix { $0 != "#" }
        return path.hasPrefix("/") ? String(path) : "/\(path)"
    }

    func query(_ name: String) -> String? {
        QueryText.parameters(ofPath: path).first { $0.name == name }?.value
    }

    /// Engine.IO over polling.
    var isPolling: Bool { query("transport") == "polling" && query("EIO") != nil }

    var requestHeaders: [RecordedHeader] { headers(tree["request"]) }
    var responseHeaders: [RecordedHeader] { headers(tree["response"]) }

    private func headers(_ tree: JSONValue?) -> [RecordedHeader] {
        guard case .array(let list)? = tree?["headers"] else { return [] }
        return list.compactMap { header in
            guard let name = header["name"]?.textValue, let value = header["value"]?.textValue, !name.hasPrefix(":")
            else { return nil }
            return RecordedHeader(name, value)
        }
    }

    var requestBody: RecordedBody? {
        guard let text = tree["request"]?["postData"]?["text"]?.textValue, !text.isEmpty else { return nil }
        return RecordedBody(text: text)
    }

    /// The answer's body; nil where the file does not have it, though there may have been one.
    var responseBody: RecordedBody? {
        let content = tree["response"]?["content"]
        guard let text = content?["text"]?.textValue else { return nil }
        guard content?["encoding"]?.textValue == "base64" else { return RecordedBody(text: text) }
        var bytes = ByteBuffer()
        guard Array(text.utf8).withUnsafeBytes({ Base64.decode($0, to: &bytes) }), !Self.isCompressed(bytes) else {
            return nil
        }
        let isText = bytes.withUnsafeReadableBytes { UTF8Text.isValid($0) }
        return RecordedBody(bytes: bytes, isBinary: !isText)
    }

    /// Whether there was a body that the file does not have, or has only as something that cannot be read.
    var lacksResponseBody: Bool {
        let content = tree["response"]?["content"]
        if responseBody == nil, content?["text"]?.textValue?.isEmpty == false || content?["_file"] != nil {
            return true
        }
        guard responseBody?.bytes.readableBytes ?? 0 == 0, let size = content?["size"]?.numberValue else {
            return false
        }
        return size > 0
    }

    /// Whether what was said is in another file: Playwright's HAR files with content "attach".
    var isElsewhere: Bool {
        tree["response"]?["content"]?["_file"] != nil || tree["request"]?["postData"]?["_file"] != nil
    }

    /// gzip. Source: RFC 1952, section 2.3.1.
    private static func isCompressed(_ bytes: ByteBuffer) -> Bool {
        bytes.readableBytesView.starts(with: [0x1F, 0x8B, 0x08])
    }

    /// Whether it is a request that a program makes: none for a page, a script or a picture.
    var isProgrammed: Bool {
        if let resourceType { return ["xhr", "fetch"].contains(resourceType) }
        let type = tree["response"]?["content"]?["mimeType"]?.textValue?.lowercased() ?? ""
        return method != "GET" && method != "OPTIONS" || type.contains("json")
    }
}

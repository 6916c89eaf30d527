import NIOCore
import Wire

/// Replaces secrets by placeholders before a recording is written.
///
/// Secrets are the values of the headers, fields and parameters that `SecretNames` names, wherever they stand, JSON Web
/// Tokens, what the caller says are some, and whatever else has the value of a secret seen before. Equal secrets become equal placeholders,
/// `«redacted:1»`. Binary messages are looked into where they are JSON. One redactor per recording, entries in order.
package struct RecordingRedactor {
    private let keepsSecrets: Bool
    private let given: GivenSecrets
    private var register = SecretRegister()

    /// - Parameter secrets: Texts that are secrets wherever they stand, such as the values of environment variables.
    package init(keepsSecrets: Bool = false, secrets: [String] = []) {
        self.keepsSecrets = keepsSecrets
        given = GivenSecrets(secrets)
    }

    /// What the recording's header says of it.
    package var names: [String] {
        keepsSecrets ? [] : SecretNames.all
    }

    /// The header without secrets, and with the names.
    package mutating func redact(_ header: RecordingHeader) -> RecordingHeader {
        var header = header
        header.redacted = names
        if !keepsSecrets { header.target = text(header.target) }
        return header
    }

    /// The entry without secrets.
    package mutating func redact(_ entry: RecordingEntry) -> RecordingEntry {
        if keepsSecrets { return entry }
        var entry = entry
        switch entry.content {
        case .out(let message):
            entry.content = .out(RecordedMessage(body(message.body), transport: message.transport))
        case .in(let message):
            entry.content = .in(RecordedMessage(body(message.body), transport: message.transport))
        case .open(var opening):
            opening.requestHeaders = headers(opening.requestHeaders)
            opening.responseHeaders = headers(opening.responseHeaders)
            opening.url = text(opening.url)
            opening.path = address(opening.path)
            entry.content = .open(opening)
        case .close(var closing):
            closing.reason = text(closing.reason)
            entry.content = .close(closing)
        case .error(let sentence):
            entry.content = .error(text(sentence))
        case .http(var exchange):
            exchange.requestHeaders = headers(exchange.requestHeaders)
            exchange.responseHeaders = headers(exchange.responseHeaders)
            exchange.requestBody = exchange.requestBody.map { body($0) }
            exchange.responseBody = exchange.responseBody.map { body($0) }
            exchange.url = address(exchange.url)
            entry.content = .http(exchange)
        }
        return entry
    }
}

extension RecordingRedactor {
    private mutating func text(_ text: String) -> String {
        let redacted = bytes(Array(text.utf8))
        return redacted.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    private mutating func body(_ body: RecordedBody) -> RecordedBody {
        let bytes = Array(body.bytes.readableBytesView)
        let isText = !body.isBinary || bytes.withUnsafeBytes({ UTF8Text.isValid($0) })
        guard let redacted = self.bytes(bytes, isText: isText, isCut: body.isTruncated) else { return body }
        var body = body
        body.bytes = ByteBuffer(bytes: redacted)
        return body
    }

    /// The bytes without secrets; nil where they have none.
    private mutating func bytes(_ bytes: [UInt8], isText: Bool = true, isCut: Bool = false) -> [UInt8]? {
        let known = given.redacted(bytes, isCut: isCut, &register)
        guard isText else { return known }
        return SecretText.redacted(known ?? bytes, &register) ?? known
    }

    private mutating func headers(_ headers: [RecordedHeader]) -> [RecordedHeader] {
        headers.map { header in
            if header.name.lowercased() == "sec-websocket-protocol" {
                return RecordedHeader(header.name, subprotocols(header.value))
            }
            guard SecretNames.isSecretHeader(header.name) else {
                let isAddress = ["location", "referer"].contains(header.name.lowercased())
                return RecordedHeader(header.name, isAddress ? address(header.value) : text(header.value))
            }
            let value =
                switch header.name.lowercased() {
                case "cookie": cookies(header.value, pairs: .max)
                case "set-cookie": cookies(header.value, pairs: 1)
                default: secret(Array(header.value.utf8))
                }
            return RecordedHeader(header.name, value)
        }
    }

    /// Browsers have no other place for a token in a handshake than behind a subprotocol that announces it: `bearer, 81a2…`.
    private mutating func subprotocols(_ value: String) -> String {
        var follows = false
        let names = value.split(separator: ",").map { name in
            let name = String(name.drop { $0 == " " })
            defer { follows = SecretNames.isSecret(name) }
            return follows ? secret(Array(name.utf8)) : text(name)
        }
        return names.joined(separator: ", ")
    }

    /// A URL or a path, also without what looks like a secret behind a part that is named like one: `/token/81a2…`.
    private mutating func address(_ address: String) -> String {
        let redacted = text(address)
        let mark = redacted.firstIndex { $0 == "?" || $0 == "#" } ?? redacted.endIndex
        var follows = false
        let parts = redacted[..<mark].split(separator: "/", omittingEmptySubsequences: false).map { part -> String in
            defer { follows = SecretNames.isSecret(String(part)) }
            return follows && Identity.isPeculiar(String(part)) ? secret(Array(part.utf8)) : String(part)
        }
        return parts.joined(separator: "/") + redacted[mark...]
    }

    /// - Parameter pairs: How many of the parts are cookies; the others say how to keep them.
    private mutating func cookies(_ value: String, pairs: Int) -> String {
        value.split(separator: ";", omittingEmptySubsequences: false).enumerated().map { index, part in
            guard index < pairs else { return String(part) }
            let name = part.prefix { $0 != "=" }
            return name.count == part.count
                ? secret(Array(part.utf8)) : "\(name)=\(secret(Array(part.dropFirst(name.count + 1).utf8)))"
        }
        .joined(separator: ";")
    }

    private mutating func secret(_ value: [UInt8]) -> String {
        let scheme = SecretRegister.scheme(of: value)
        return String(decoding: scheme + register.placeholder(for: value.dropFirst(scheme.count)), as: UTF8.self)
    }
}

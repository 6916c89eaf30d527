import NIOCore
import Wire

/// Replaces the secrets of one text: those in fields of JSON that lies anywhere in it, and those in parameters.
///
/// It does not need the JSON to be whole or right: a body may be cut off, a message may have a prefix.
struct SecretText {
    private let text: [UInt8]
    private let level: Int
    private var edits: [(range: Range<Int>, text: [UInt8])] = []
    private var depth = 0
    /// The depth of the container all of whose values are secrets.
    private var secretDepth: Int?
    /// Whether the arguments of an event, which lie at depth 1, are secrets.
    private var argumentsAreSecret = false
    private var valueIsSecret = false

    /// The text without its secrets; nil where it has none.
    ///
    /// - Parameter level: How many texts in texts this one lies in.
    static func redacted(_ text: [UInt8], _ register: inout SecretRegister, level: Int = 0) -> [UInt8]? {
        var walk = SecretText(text: text, level: level)
        walk.walk(&register)
        let fields = walk.edits.isEmpty ? nil : walk.result
        let parameters = SecretParameters.redacted(fields ?? text, &register) ?? fields
        return register.redacted(parameters ?? text) ?? parameters
    }

    private init(text: [UInt8], level: Int) {
        self.text = text
        self.level = level
    }

    private var result: [UInt8] {
        var result: [UInt8] = []
        var at = 0
        for edit in edits {
            result += text[at..<edit.range.lowerBound] + edit.text
            at = edit.range.upperBound
        }
        return result + text[at...]
    }

    private mutating func walk(_ register: inout SecretRegister) {
        guard text.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }) else { return }
        var at = 0
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "\""):
                at = string(at, &register)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if valueIsSecret, secretDepth == nil { secretDepth = depth }
                valueIsSecret = false
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if secretDepth == depth { secretDepth = nil }
                depth = max(0, depth - 1)
                if depth == 0 { argumentsAreSecret = false }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                at = number(at, &register)
                continue
            case UInt8(ascii: ","):
                valueIsSecret = false
            default:
                break
            }
            at += 1
        }
    }

    private var isSecret: Bool {
        depth > 0 && (valueIsSecret || secretDepth != nil || argumentsAreSecret && depth == 1)
    }

    /// Takes the string whose quote stands here; returns where it ends.
    private mutating func string(_ start: Int, _ register: inout SecretRegister) -> Int {
        var end = start + 1
        while end < text.count, text[end] != UInt8(ascii: "\"") {
            end += text[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        let content = start + 1..<min(end, text.count)
        var after = min(end + 1, text.count)
        while after < text.count, text[after] == 0x20 || text[after] == 0x09 || text[after] == 0x0A { after += 1 }
        let next = after < text.count ? text[after] : 0
        if next == UInt8(ascii: ":"), depth > 0 {
            valueIsSecret = SecretNames.isSecret(Self.unescaped(text[content]))
            return after + 1
        }
        let value = Self.unescaped(text[content])
        if isSecret || Self.isWebToken(value) {
            edits.append((content, SecretRegister.scheme(of: value) + Self.placeholder(value, &register)))
        } else if depth == 1, next == UInt8(ascii: ","), start > 0, text[start - 1] == UInt8(ascii: "["),
            SecretNames.isSecret(value)
        {
            argumentsAreSecret = true
        } else if level < 3, let inner = Self.redacted(value, &register, level: level + 1) {
            edits.append((content, Self.escaped(inner)))
        }
        valueIsSecret = false
        return min(end + 1, text.count)
    }

    private mutating func number(_ start: Int, _ register: inout SecretRegister) -> Int {
        var end = start + 1
        while end < text.count, text[end] > 0x20, text[end] < 0x7F,
            ![
                UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "{"),
                UInt8(ascii: "\""),
            ]
            .contains(text[end])
        {
            end += 1
        }
        if isSecret {
            let quote = [UInt8(ascii: "\"")]
            edits.append((start..<end, quote + register.placeholder(for: text[start..<end]) + quote))
        }
        valueIsSecret = false
        return end
    }

    private static func placeholder(_ value: [UInt8], _ register: inout SecretRegister) -> [UInt8] {
        register.placeholder(for: value.dropFirst(SecretRegister.scheme(of: value).count))
    }
}

extension SecretText {
    static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        var buffer = ByteBuffer()
        bytes.withUnsafeBytes { JSONWriter.writeStringContent($0, to: &buffer) }
        return Array(buffer.readableBytesView)
    }

    /// What stands between the quotes, without its escapes; as it is where it cannot be read.
    private static func unescaped(_ content: ArraySlice<UInt8>) -> [UInt8] {
        guard content.contains(UInt8(ascii: "\\")) else { return Array(content) }
        let quoted = [UInt8(ascii: "\"")] + content + [UInt8(ascii: "\"")]
        guard case .string(let text)? = try? JSONValue(parsing: quoted) else { return Array(content) }
        return Array(text.utf8)
    }

    /// Whether a text is a JSON Web Token, which is a secret under any name. Source: RFC 7519, section 3.
    private static func isWebToken(_ value: [UInt8]) -> Bool {
        value.count > 20 && value.starts(with: Array("eyJ".utf8)) && value.count { $0 == UInt8(ascii: ".") } == 2
            && !value.contains(0x20)
    }
}

extension SecretRegister {
    /// `Bearer ` or another scheme of RFC 9110, section 11.4, at the start of a secret; empty where there is none.
    static func scheme(of value: [UInt8]) -> [UInt8] {
        guard let space = value.firstIndex(of: 0x20), space < value.count - 1 else { return [] }
        let known = ["basic", "bearer", "digest", "token"]
        return known.contains(String(decoding: value[..<space], as: UTF8.self).lowercased())
            ? Array(value[...space]) : []
    }
}

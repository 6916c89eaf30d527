/// A header of the requests to a collector.
package struct ExportHeader: Hashable, Sendable {
    package let name: String
    package let value: String

    /// `NAME=VALUE`; nil where the name is none (RFC 9110, section 5.6.2) or the value has a control character in it.
    package init?(_ text: String) {
        guard let mark = text.firstIndex(of: "=") else { return nil }
        name = String(text[..<mark])
        value = String(text[text.index(after: mark)...])
        let isToken = name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
        guard !name.isEmpty, isToken, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            return nil
        }
        guard !Self.own.contains(name.lowercased()) else { return nil }
    }

    /// What frames the request, and what says of its body and the answer's what they are: that is not the person's to say.
    private static let own: Set<String> = [
        "content-length", "transfer-encoding", "host", "connection", "content-type", "content-encoding", "accept",
        "accept-encoding",
    ]
}

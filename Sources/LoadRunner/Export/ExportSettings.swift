package import Metrics

/// Where a run's figures are pushed: `--otlp`.
package struct ExportSettings: Sendable {
    /// Where metrics go, with the path.
    package var endpoint: Endpoint
    /// What each request has besides, such as a key; its values are secret.
    package var headers: [ExportHeader]
    /// Certificates in PEM to trust in place of the system's.
    package var authority: EndpointAuthority?
    /// Who it is that exports.
    package var resource: OTLPResource
    /// Takes secrets out of what is pushed.
    package var redactor: Redactor
    package var interval = Duration.seconds(5)
    /// For one request.
    package var timeout = Duration.seconds(5)
    /// How long the end of the run waits for the last push to be taken.
    package var lastTime = Duration.seconds(5)

    /// Takes keys out of what a collector answers, which may repeat them.
    var answerRedactor: Redactor {
        let keys = headers.flatMap { [$0.value] + $0.value.split(separator: " ").map(String.init) }
        return Redactor(secrets: endpoint.secrets + keys)
    }

    package init(
        endpoint: Endpoint,
        headers: [ExportHeader] = [],
        authority: EndpointAuthority? = nil,
        resource: OTLPResource,
        redactor: Redactor
    ) {
        self.endpoint = endpoint
        self.headers = headers
        self.authority = authority
        self.resource = resource
        self.redactor = redactor
    }
}

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
        // What frames the request is not the person's to say.
        guard
            !["content-length", "transfer-encoding", "host", "connection", "content-type"].contains(name.lowercased())
        else { return nil }
    }
}

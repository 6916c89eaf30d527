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

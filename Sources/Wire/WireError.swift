/// What went wrong between two machines, in the words of the report.
package struct WireError: Error, Hashable, Sendable {
    /// The name of the failure, as `errors.KIND` counts it.
    package enum Kind: Hashable, Sendable {
        /// The peer broke the protocol.
        case protocolViolation
        /// A frame, message or header beyond the limit.
        case tooLarge
        /// The WebSocket was closed with this code.
        case closed(UInt16)
        /// The upgrade was answered with this HTTP status.
        case upgrade(Int)
        /// The namespace turned the client down.
        case connectError
        /// The server ended the connection by the protocol.
        case serverDisconnect
    }

    package var failure: Kind
    /// One sentence for people.
    package var sentence: String

    package init(_ failure: Kind, _ sentence: String) {
        self.failure = failure
        self.sentence = sentence
    }

    /// The failure's name in metrics: `protocol`, `closed.1006`, `upgrade.403` …
    package var kind: String {
        switch failure {
        case .protocolViolation: "protocol"
        case .tooLarge: "too_large"
        case .closed(let code): "closed.\(code)"
        case .upgrade(let status): "upgrade.\(status)"
        case .connectError: "connect_error"
        case .serverDisconnect: "server_disconnect"
        }
    }
}

extension WireError: CustomStringConvertible {
    package var description: String {
        "\(kind): \(sentence)"
    }
}

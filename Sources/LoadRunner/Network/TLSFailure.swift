import NIOCore
import NIOSSL

/// A TLS handshake, or a session, that failed: why, in a sentence that says what to look at.
struct TLSFailure: Error, Hashable, CustomStringConvertible {
    var description: String

    static let timeout = TLSFailure(
        description: "the server did not finish the TLS handshake in time; does it speak TLS on this port?"
    )

    static let closed = TLSFailure(
        description: "the server closed the connection during the TLS handshake; does it speak TLS on this port?"
    )

    init(description: String) {
        self.description = description
    }

    /// Nil for an error that is not TLS's own: one of the socket.
    ///
    /// - Parameter certificate: The server's, as far as it came.
    init?(_ error: any Error, of client: TLSClient, certificate: NIOSSLCertificate?) {
        switch error {
        case let error as NIOSSLError:
            self.init(error, client, certificate)
        case let error as BoringSSLError:
            self.init(error, client, certificate)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self.init(wrongNameIn: certificate, client)
        case let error as NIOSSLExtraError where error == .invalidSNIHostname:
            self.init(description: "\"\(client.expectedName)\" cannot be asked for as the name of a server")
        case is NIOSSLExtraError, is NIOSSLCloseTimedOutError:
            self.init(description: "TLS: \(error)")
        default:
            return nil
        }
    }

    private init(_ error: NIOSSLError, _ client: TLSClient, _ certificate: NIOSSLCertificate?) {
        switch error {
        case .handshakeFailed(let error), .shutdownFailed(let error):
            self.init(error, client, certificate)
        case .unableToValidateCertificate:
            self.init(wrongNameIn: certificate, client)
        case .noCertificateToValidate:
            self.init(description: "the server has no certificate")
        default:
            self.init(description: "TLS: \(error)")
        }
    }

    private init(_ error: BoringSSLError, _ client: TLSClient, _ certificate: NIOSSLCertificate?) {
        switch error {
        case .sslError(let stack), .unknownError(let stack):
            if stack.contains(.eofDuringHandshake) {
                self = .closed
            } else {
                let reasons = stack.map(Self.reason)
                let sentence = reasons.lazy.compactMap { Self.sentence($0, client, certificate) }.first
                self.init(
                    description: sentence ?? "TLS: \(reasons.isEmpty ? "\(error)" : reasons.joined(separator: ", "))"
                )
            }
        default:
            self.init(description: "TLS: \(error)")
        }
    }

    private init(wrongNameIn certificate: NIOSSLCertificate?, _ client: TLSClient) {
        let names = certificate.map(CertificateFacts.names(in:)) ?? []
        let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " …" : "")
        self.init(
            description: "the server's certificate is for another host: \(client.expectedName) is not among its names"
                + (names.isEmpty ? ", for it has none" : " (\(shown))")
        )
    }

    /// `CERTIFICATE_VERIFY_FAILED` of `Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_… at …`;
    /// the number itself is not to be had.
    private static func reason(_ error: BoringSSLInternalError) -> String {
        let text = error.description
        guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return text }
        return String(text[mark.upperBound...].prefix { $0 != " " })
    }

    private static func sentence(
        _ reason: String,
        _ client: TLSClient,
        _ certificate: NIOSSLCertificate?
    ) -> String? {
        switch reason {
        case "CERTIFICATE_VERIFY_FAILED":
            return CertificateFacts.objection(to: certificate)
        case "TLSV1_ALERT_CERTIFICATE_REQUIRED", "SSLV3_ALERT_NO_CERTIFICATE":
            return "the server wants a client certificate; give it `tls.certificate` and `tls.key`"
        case "TLSV1_ALERT_UNKNOWN_CA", "SSLV3_ALERT_BAD_CERTIFICATE", "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
            "SSLV3_ALERT_CERTIFICATE_REVOKED", "SSLV3_ALERT_CERTIFICATE_EXPIRED", "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
            "TLSV1_ALERT_ACCESS_DENIED":
            let word = reason.drop { $0 != "_" }.dropFirst("_ALERT_".count).lowercased().replacing("_", with: " ")
            return client.hasCertificate
                ? "the server turned the client certificate down: \(word)"
                : "the server wants a client certificate (\(word)); give it `tls.certificate` and `tls.key`"
        case "SSLV3_ALERT_HANDSHAKE_FAILURE", "TLSV1_ALERT_INSUFFICIENT_SECURITY":
            let wish = client.hasCertificate ? "another client certificate" : "a client certificate"
            return "the server turned the TLS handshake down: no cipher in common, or it wants \(wish)"
        case "TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "NO_SUPPORTED_VERSIONS_ENABLED":
            return "the server and Reprise have no TLS version in common (TLS 1.0 to 1.3 would do)"
        case "NO_SHARED_CIPHER", "WRONG_CIPHER_RETURNED", "UNKNOWN_CIPHER_RETURNED", "NO_CIPHERS_AVAILABLE":
            return "the server and Reprise have no cipher in common"
        case "TLSV1_ALERT_UNRECOGNIZED_NAME":
            return "the server knows no host \(client.expectedName); `tls.serverName` says which one to ask for"
        case "TLSV1_ALERT_NO_APPLICATION_PROTOCOL":
            return "the server does not speak HTTP/1.1 over TLS (ALPN)"
        case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNEXPECTED_RECORD":
            return "the server does not speak TLS on this port"
        default:
            return nil
        }
    }
}

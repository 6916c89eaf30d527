import NIOCore
import NIOSSL

/// Certificates to trust in place of the system's, for an endpoint.
package struct EndpointAuthority: Hashable, Sendable {
    /// The file's name, for sentences.
    package var name: String
    /// PEM.
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// How TLS is spoken with endpoints.
    static func context(_ authority: EndpointAuthority?) throws(RunError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        // The server's own end of the session is not waited for.
        configuration.shutdownTimeout = .zero
        if let authority {
            let certificates = try? NIOSSLCertificate.fromPEMBytes(authority.bytes)
            guard let certificates, !certificates.isEmpty else {
                throw RunError(.tls, "\(authority.name) holds no certificate in PEM that can be read")
            }
            configuration.trustRoots = .certificates(certificates)
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw RunError(.tls, "the system's certificates cannot be read; name a file of some to trust", cause: error)
        }
    }
}

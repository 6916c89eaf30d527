import NIOCore
import NIOSSL

extension RecordingProxy.Configuration {
    /// How the proxy speaks TLS with the server.
    func tlsClient(host: String) throws(RecordingProxyError) -> TLSClient {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        // The server's own end of the session is not waited for.
        configuration.shutdownTimeout = .zero
        if !verify { configuration.certificateVerification = .none }
        if let authority {
            let certificates = try? NIOSSLCertificate.fromPEMBytes(authority.bytes)
            guard let certificates, !certificates.isEmpty else {
                throw RecordingProxyError("\(authority.name) holds no certificate in PEM that can be read")
            }
            configuration.trustRoots = .certificates(certificates)
        }
        do {
            return TLSClient(context: try NIOSSLContext(configuration: configuration), host: host)
        } catch {
            throw RecordingProxyError("the system's certificates cannot be read; name the ones to trust with --ca")
        }
    }
}

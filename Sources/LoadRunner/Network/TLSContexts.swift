import NIOCore
import NIOSSL
import Scenarios
import Synchronization

/// The TLS settings of a run, each made into a context once and shared by all workers.
///
/// A context is costly to make: with the system's certificates it reads about 140 of them.
final class TLSContexts: Sendable {
    private struct Key: Hashable {
        var authority: ScenarioFile?
        var certificate: ScenarioFile?
        var key: ScenarioFile?
        var verify: Bool
    }

    private let contexts = Mutex<[Key: NIOSSLContext]>([:])

    /// The context for these settings, made where there is none yet; nil: for a server that none are given for.
    ///
    /// - Throws: `RunError` for a file that is no PEM, or whose key belongs to another certificate.
    func context(for tls: TLS?) throws(RunError) -> NIOSSLContext {
        let key = Key(
            authority: tls?.authority,
            certificate: tls?.certificate,
            key: tls?.key,
            verify: tls?.verify ?? true
        )
        if let context = contexts.withLock({ $0[key] }) { return context }
        let context = try Self.make(key)
        contexts.withLock { $0[key] = context }
        return context
    }

    private static func make(_ tls: Key) throws(RunError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        // HTTP/1.1 is all that is spoken here; a server that would rather speak HTTP/2 has to know.
        configuration.applicationProtocols = ["http/1.1"]
        // The server's own end of the session is not waited for.
        configuration.shutdownTimeout = .zero
        if !tls.verify { configuration.certificateVerification = .none }
        if let file = tls.authority { configuration.trustRoots = .certificates(try certificates(file)) }
        if let file = tls.certificate {
            configuration.certificateChain = try certificates(file).map { .certificate($0) }
            configuration.privateKey = .privateKey(try privateKey(tls.key ?? file))
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            if let certificate = tls.certificate {
                let file = tls.key ?? certificate
                let message = "the key in \(file.name) does not belong to the certificate in \(certificate.name)"
                throw RunError(.tls, message, cause: error)
            }
            let message = "the system's certificates cannot be read; name the ones to trust in `tls.ca`"
            throw RunError(.tls, message, cause: error)
        }
    }

    private static func certificates(_ file: ScenarioFile) throws(RunError) -> [NIOSSLCertificate] {
        do {
            let certificates = file.bytes.isEmpty ? [] : try NIOSSLCertificate.fromPEMBytes(file.bytes)
            if !certificates.isEmpty { return certificates }
        } catch {
            throw RunError(.tls, "\(file.name) holds no certificate in PEM that can be read", cause: error)
        }
        throw RunError(.tls, "\(file.name) holds no certificate in PEM")
    }

    private static func privateKey(_ file: ScenarioFile) throws(RunError) -> NIOSSLPrivateKey {
        guard !file.bytes.isEmpty else { throw RunError(.tls, "\(file.name) holds no private key in PEM") }
        do {
            return try NIOSSLPrivateKey(bytes: file.bytes, format: .pem)
        } catch {
            let message = "\(file.name) holds no private key in PEM that can be read (one with a passphrase cannot)"
            throw RunError(.tls, message, cause: error)
        }
    }
}

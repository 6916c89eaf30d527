import Foundation
import NIOSSL

@testable import Scenarios

/// The certificates of the tests, which scripts/make-test-certificates.sh makes.
enum Certificates {
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = Bundle.module.resourceURL ?? URL(filePath: ".")
        return Array(try Data(contentsOf: folder.appending(path: "Fixtures/TLS/\(name)")))
    }

    /// A file of a scenario.
    static func file(_ name: String) throws -> ScenarioFile {
        ScenarioFile(name: name, bytes: try bytes(name))
    }

    /// What a server speaks TLS with.
    ///
    /// - Parameter wantsClient: Only clients with a certificate from the authority come in.
    static func server(
        _ certificate: String = "server.pem",
        wantsClient: Bool = false,
        _ change: (inout TLSConfiguration) -> Void = { _ in }
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(bytes(certificate)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: bytes("server.key"), format: .pem))
        )
        if wantsClient {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(bytes("ca.pem")))
        }
        change(&configuration)
        return try NIOSSLContext(configuration: configuration)
    }
}

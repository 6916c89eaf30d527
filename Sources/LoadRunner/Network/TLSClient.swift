import NIOSSL

/// How a client speaks TLS with one server.
struct TLSClient: Sendable {
    let context: NIOSSLContext
    /// The name that is asked for (SNI) and that the certificate has to have; nil for an address, which is verified but
    /// not asked for (RFC 6066, section 3).
    let serverName: String?
    /// What the certificate has to name, for sentences: the name, or the address.
    let expectedName: String
    let hasCertificate: Bool

    init(context: NIOSSLContext, host: String, serverName: String? = nil, hasCertificate: Bool = false) {
        self.context = context
        var name = serverName ?? String(host.prefix { $0 != "%" })
        if name.hasSuffix(".") { name.removeLast() }
        expectedName = name
        self.serverName = IPAddress(name) == nil ? name : nil
        self.hasCertificate = hasCertificate
    }
}

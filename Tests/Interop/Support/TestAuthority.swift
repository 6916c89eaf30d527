import Foundation

/// A certificate authority of a test's own, which openssl makes anew for each: what a user does, with nothing that expires.
struct TestAuthority {
    /// Where `ca.pem` lies, and NAME.pem and NAME.key of `server`, `client` and `stranger`, whom it does not know.
    let folder: URL

    /// Makes the authority with a server for 127.0.0.1 and localhost and a client, for the time of a closure.
    static func with<Result: Sendable>(
        _ body: @Sendable (TestAuthority) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reprise-tls-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let authority = TestAuthority(folder: folder)
        try await authority.make(
            "ca",
            subject: "Reprise interop tests",
            "basicConstraints=critical,CA:TRUE",
            issuer: nil
        )
        try await authority.make("server", subject: "server", "subjectAltName=IP:127.0.0.1,DNS:localhost")
        try await authority.make("client", subject: "client", "extendedKeyUsage=clientAuth")
        try await authority.make("stranger", subject: "stranger", "extendedKeyUsage=clientAuth", issuer: nil)
        return try await body(authority)
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Files that a scenario finds beside it.
    func files(_ names: String...) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in names { files[name] = try Data(contentsOf: folder.appending(path: name)) }
        return files
    }

    /// Makes NAME.pem and NAME.key.
    private func make(_ name: String, subject: String, _ extension: String, issuer: String? = "ca") async throws {
        var command = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=\(subject)", "-keyout", path("\(name).key"), "-out", path("\(name).pem"),
        ]
        if let issuer {
            command += ["-CA", path("\(issuer).pem"), "-CAkey", path("\(issuer).key")]
            command += ["-addext", "basicConstraints=critical,CA:FALSE"]
        }
        // openssl says on which files it works, on its standard error; `Script` wants a line on the other.
        _ = try await Script.run(["sh", "-c", #""$@" 2>&1 && echo made"#, "sh"] + command + ["-addext", `extension`])
    }
}

import Foundation
@testable import Scenarios
import Testing
import Wire

@Suite("How a target is reached")
struct NetworkTests {
    private static let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    private static let key = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"

    private static func text(_ target: String) -> String {
        "name: a\ntarget: { url: \"wss://shop.example\", \(target) }\nload: [ { for: 1s, clients: 1 } ]\nflow: connect"
    }

    @Test(
        "URLs with TLS have its port",
        arguments: [("https://a", 443), ("wss://a", 443), ("https://a:80", 80), ("WSS://[::1]:8443/x", 8443)]
    )
    func secure(url: String, port: Int) throws {
        let target = try read(scenario(flow: "- connect"), overrides: Overrides(target: url)).groups[0].target
        guard case .server(let server) = target.location else { return #expect(Bool(false)) }
        #expect(server.isSecure)
        #expect(server.port == port)
        #expect(try steps("- http: GET https://other.example/x").count == 1)
    }

    @Test("certificates and keys are files of the scenario")
    func tls() throws {
        let folder = try TemporaryFolder([
            "ca.pem": Self.certificate, "tls/me.pem": Self.certificate, "me.key": Self.key,
        ])
        let text = "tls: { ca: ca.pem, certificate: tls/me.pem, key: me.key, verify: false, serverName: inner }"
        let tls = try folder.read(Self.text(text)).groups[0].target.tls
        #expect(tls.authority == ScenarioFile(name: "ca.pem", bytes: Array(Self.certificate.utf8)))
        #expect(tls.certificate?.name == "tls/me.pem")
        #expect(tls.key?.bytes == Array(Self.key.utf8))
        #expect(!tls.verify)
        #expect(tls.serverName == "inner")
        let plain = try read(Self.text("timeout: 1s")).groups[0].target.tls
        #expect(plain.verify)
        #expect(plain.authority == nil)
    }

    @Test("what is wrong with certificates")
    func tlsFaults() throws {
        let folder = try TemporaryFolder(["ca.pem": Self.certificate, "me.key": Self.key, "text": "hello"])
        func messages(_ tls: String) -> [String] { folder.problems(Self.text("tls: \(tls)")).map(\.message) }
        #expect(messages("{ ca: no.pem }") == ["there is no file 'no.pem' in the scenario's folder"])
        #expect(messages("{ ca: text }") == ["there is no certificate in 'text'"])
        #expect(messages("{ ca: me.key }") == ["there is no certificate in 'me.key'"])
        #expect(messages("{ certificate: ca.pem }") == ["'certificate' needs 'key' beside it"])
        #expect(messages("{ key: me.key }") == ["'key' needs 'certificate' beside it"])
        #expect(messages("{ certificate: ca.pem, key: ca.pem }") == ["there is no private key in 'ca.pem'"])
        #expect(messages("{ verfy: false }") == ["'verfy' is unknown in 'tls'"])
    }

    @Test("limits, buffers and what happens when the socket does not take what is sent")
    func numbers() throws {
        let target = try read(
            Self.text(
                """
                outbound: { limit: 64KB, overflow: drop }, dns: connect,
                limits: { frame: 1MB, message: 2MiB, fragments: 7, attachments: 0, nesting: 9, headers: 8KiB, body: 512 },
                tcp: { noDelay: false, keepAlive: true, sendBuffer: 4KB, receiveBuffer: 1KB }, subprotocols: [ a, b.c ]
                """
            )
        ).groups[0].target
        #expect(target.outbound == Outbound(limit: 64_000, overflow: .drop))
        #expect(target.dns == .connect)
        var limits = WireLimits()
        (limits.frame, limits.message, limits.headers, limits.body) = (1_000_000, 2_097_152, 8192, 512)
        (limits.fragments, limits.attachments, limits.nesting) = (7, 0, 9)
        #expect(target.limits == limits)
        #expect(
            target.tcp == TCPOptions(noDelay: false, keepAlive: true, sendBuffer: 4000, receiveBuffer: 1000)
        )
        #expect(target.subprotocols == ["a", "b.c"])
        let usual = try read(Self.text("timeout: 1s")).groups[0].target
        #expect(usual.outbound == Outbound())
        #expect(usual.tcp == TCPOptions())
        #expect(usual.dns == .once)
    }

    @Test(
        "what they cannot be",
        arguments: [
            "outbound: { limit: 0 }", "outbound: { limit: 1TB }", "outbound: { limit: -1 }",
            "outbound: { limit: 1.5MB }",
            "outbound: { overflow: block }", "outbound: 1MB", "limits: { nesting: 200 }", "limits: { frame: 2GB }",
            "limits: { fragments: 1KB }", "limits: { headers: 99999999999999999999GB }", "limits: { frames: 1 }",
            "dns: never", "tcp: { noDelay: 1 }", "tcp: { sendBuffer: big }", "subprotocols: [ \"a b\" ]",
            "subprotocols: [ a, a ]", "subprotocols: []", "timeout: 0s",
        ]
    )
    func faults(text: String) {
        #expect(problems(Self.text(text)).count == 1)
    }

    @Test("a group overrides single parts of what the file says")
    func overrides() throws {
        let groups = try read(
            """
            name: a
            target: { url: "wss://a", limits: { frame: 1KB, nesting: 5 }, outbound: { limit: 1KB }, dns: connect }
            load: [ { for: 1s, clients: 1 } ]
            clients:
              a: { flow: connect }
              b: { target: { limits: { frame: 2KB }, outbound: { overflow: fail }, dns: once }, flow: connect }
            """
        ).groups
        #expect(groups.map(\.target.limits.frame) == [1000, 2000])
        #expect(groups.map(\.target.limits.nesting) == [5, 5])
        #expect(groups[1].target.outbound == Outbound(limit: 1000, overflow: .fail))
        #expect(groups.map(\.target.dns) == [.connect, .once])
    }
}

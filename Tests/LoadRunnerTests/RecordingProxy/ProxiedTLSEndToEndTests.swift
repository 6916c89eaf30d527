import NIOCore
import Testing

@testable import LoadRunner

@Suite("TLS behind the recording proxy", .timeLimit(.minutes(1)))
struct ProxiedTLSEndToEndTests {
    @Test("A server with TLS is spoken to as one without, byte for byte, and ends as one")
    func secure() async throws {
        let authority = try Certificates.bytes("ca.pem")
        let tls = try Certificates.server()
        try await ProxyBench.run(tls: tls, configure: { $0.authority = ("ca.pem", authority) }) { bench in
            let (client, server) = try await bench.openSocket()
            let frame: [UInt8] = [0x81, 0x83, 1, 2, 3, 4, 5, 6, 7]
            client.send(frame)
            await server.until { $0.bytes.suffix(9) == frame[...] }
            let large = [0x82, 127, 0, 0, 0, 0, 0, 0x20, 0, 0] + [UInt8](repeating: 7, count: 0x20_0000)
            server.send(large)
            await client.until { $0.bytes.count > large.count && $0.bytes.suffix(large.count) == large[...] }
            server.close()
            await client.until { $0.inputEnded }
            #expect(!client.seen.wasReset)
        }
    }

    @Test("A certificate that is not trusted is a 502 that says so")
    func untrusted() async throws {
        try await ProxyBench.run(tls: try Certificates.server()) { bench in
            let client = try await bench.connect()
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await client.until { $0.inputEnded }
            #expect(client.seen.text.hasPrefix("HTTP/1.1 502 "))
            #expect(client.seen.text.contains("certificate is not trusted"))
        }
    }

    @Test("A certificate is not looked at where that is wished")
    func unverified() async throws {
        try await ProxyBench.run(tls: try Certificates.server(), configure: { $0.verify = false }) { bench in
            _ = try await bench.openSocket()
        }
    }
}

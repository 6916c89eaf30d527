import Testing

@testable import LoadRunner

@Suite("Where the dashboard listens, and to whom it answers")
struct DashboardAddressTests {
    @Test(
        "addresses",
        arguments: [
            ("9000", "127.0.0.1", 9000), (":9000", "127.0.0.1", 9000), (":0", "127.0.0.1", 0),
            ("0.0.0.0:80", "0.0.0.0", 80), ("localhost:9000", "localhost", 9000), ("[::1]:9000", "::1", 9000),
            ("[::]", "::", 0), ("localhost", "localhost", 0), ("0.0.0.0", "0.0.0.0", 0),
            ("load-1.example:65535", "load-1.example", 65_535),
        ]
    )
    func addresses(text: String, host: String, port: Int) {
        #expect(DashboardAddress(text) == DashboardAddress(host: host, port: port))
    }

    @Test(
        "what is no address",
        arguments: [
            "", ":", "a.yaml", "1.2.3", "1.2.3.256", "scenarios/a.yaml", "65536", "a:65536", "a:b", "1:2:3", "::1",
            "[::1",
            "[::1]9",
            "[::1]:", "a/b:80", "a b:80", "-1", "99999999999999999999", "[a]:80",
        ]
    )
    func none(text: String) {
        #expect(DashboardAddress(text) == nil)
    }

    @Test(
        "on this machine alone it answers to the names of this machine",
        arguments: [
            "localhost", "LOCALHOST:80", "localhost.", "localhost.:80", "127.0.0.1", "127.0.0.1:9000", "127.1.2.3:1",
            "[::1]", "[::1]:9000",
        ]
    )
    func own(host: String) {
        #expect(HostRule(isLoopback: true).allows([host]))
    }

    @Test(
        "and to no other",
        arguments: [
            ["evil.example"], ["evil.example:9000"], ["localhost.evil.example"], ["127.0.0.1.evil.example"],
            ["127.evil.example"],
            ["0.0.0.0"], ["[::]"], ["10.0.0.1"], ["127.0.0.256"], ["127.0.0"], [""], [], ["localhost", "localhost"],
            ["127.0.0.+1"], [" localhost"], ["[::1"], ["localhost.."], ["."],
        ]
    )
    func foreign(hosts: [String]) {
        #expect(!HostRule(isLoopback: true).allows(hosts))
    }

    @Test("where others can reach it, any name will do, but one has to be there")
    func open() {
        #expect(HostRule(isLoopback: false).allows(["load-1.example:9000"]))
        #expect(!HostRule(isLoopback: false).allows([]))
        #expect(!HostRule(isLoopback: false).allows(["a", "b"]))
    }
}

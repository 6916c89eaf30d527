import NIOCore
import Scenarios
import Testing

@testable import LoadRunner

@Suite("Where connections come from")
struct SourceAddressesTests {
    @Test(
        "lists, ranges and networks",
        arguments: [
            ("127.0.0.2", ["127.0.0.2"]),
            ("127.0.0.2, ::1 ,10.0.0.1", ["127.0.0.2", "10.0.0.1", "::1"]),
            ("127.0.0.254-127.0.1.1", ["127.0.0.254", "127.0.0.255", "127.0.1.0", "127.0.1.1"]),
            ("10.0.0.5/30", ["10.0.0.5", "10.0.0.6"]),
            ("10.0.0.5/31", ["10.0.0.4", "10.0.0.5"]),
            ("10.0.0.5/32", ["10.0.0.5"]),
            ("fd00::ffff-fd00::1:1", ["fd00::ffff", "fd00::1:0", "fd00::1:1"]),
            ("fd00::8/127", ["fd00::8", "fd00::9"]),
        ]
    )
    func list(text: String, addresses: [String]) throws {
        #expect(try SourceAddresses(parsing: text).all.map(\.ipAddress) == addresses)
    }

    @Test(
        "what is no list says which part is wrong",
        arguments: [
            ("", "is no IP address"), ("localhost", "\"localhost\" is no IP address"),
            ("10.0.0.1,", "is no IP address"), ("10.0.0.1 10.0.0.2", "is no IP address"),
            ("10.0.0.300", "\"10.0.0.300\" is no IP address"), ("10.0.0.9-10.0.0.5", "does not run from a lower"),
            ("10.0.0.1-::1", "does not run from a lower"), ("10.0.0.1-10.0.0.2-10.0.0.3", "is no range"),
            ("10.0.0.0/33", "is from 0 to 32"), ("10.0.0.0/x", "is no network"), ("::/0", "more than 4096"),
            ("10.0.0.0-10.255.255.255", "more than 4096"), ("10.0.0.0/20,10.1.0.0/20", "more than 4096"),
            ("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "more than 4096"),
            ("fe80::1%nowhere", "with an interface of this machine"),
        ]
    )
    func noList(text: String, sentence: String) {
        let problem = #expect(throws: SourceAddresses.Problem.self) { try SourceAddresses(parsing: text) }
        #expect(problem?.description.contains(sentence) == true, "\(problem?.description ?? "")")
    }

    @Test("each server is reached from all addresses of its family in turn")
    func rotation() throws {
        let sources = try SourceAddresses(parsing: "10.0.0.1,10.0.0.2,::1")
        var rotation = SourceRotation(sources, first: 1)
        let first = try SocketAddress(ipAddress: "10.1.0.1", port: 80)
        let second = try SocketAddress(ipAddress: "10.1.0.2", port: 80)
        let third = try SocketAddress(ipAddress: "fd00::1", port: 80)
        for expected in ["10.0.0.2", "10.0.0.1", "10.0.0.2"] {
            #expect(rotation.next(to: first)?.ipAddress == expected)
            #expect(rotation.next(to: second)?.ipAddress == expected)
            #expect(rotation.next(to: third)?.ipAddress == "::1")
        }
        #expect(rotation.same(as: try SocketAddress(ipAddress: "10.0.0.2", port: 4711))?.port == 0)
        #expect(rotation.same(as: first) == nil)
    }

    @Test("without a list the system chooses")
    func automatic() throws {
        var rotation = SourceRotation(.automatic, first: 0)
        #expect(rotation.next(to: try SocketAddress(ipAddress: "10.1.0.1", port: 80)) == nil)
    }

    #if os(Linux)
        @Test(
            "more clients than ports need more loopback addresses",
            arguments: [(0, 1), (27_000, 1), (28_000, 2), (42_348, 2), (42_349, 3), (100_000, 5), (.max / 2, 250)]
        )
        func loopback(peak: Int, count: Int) {
            #expect(SourcePlan.loopbackAddresses(for: peak, ports: 28_232) == count)
        }

        @Test("a large run against this machine takes them by itself and says so; against another it does not")
        func plan() throws {
            func load(_ clients: Int) -> Load {
                Load(phases: [Load.Phase(duration: .seconds(1), model: .clients(from: 0, to: clients))])
            }
            func destination(_ address: String) throws -> Destination {
                let url = ServerURL(isSecure: false, host: "target", port: 80)
                return Destination(url, addresses: [try SocketAddress(ipAddress: address, port: 80)])
            }
            let large = PortRange.count + 1
            let plan = try SourcePlan(.automatic, [destination("127.0.0.1")], load(large))
            #expect(plan.addresses.all.map(\.ipAddress) == ["127.0.0.1", "127.0.0.2"])
            #expect(plan.notes.first?.contains("from 2 addresses, 127.0.0.1 to 127.0.0.2") == true)
            #expect(try SourcePlan(.automatic, [destination("127.0.0.1")], load(1000)).addresses == .automatic)
            #expect(try SourcePlan(.automatic, [destination("10.0.0.1")], load(large)).addresses == .automatic)
            let given = try SourceAddresses(parsing: "127.0.0.7")
            #expect(try SourcePlan(given, [destination("127.0.0.1")], load(large)).addresses == given)
        }
    #endif

    @Test("an address that is not this machine's is an error that names it")
    func foreign() throws {
        let given = try SourceAddresses(parsing: "127.0.0.1,203.0.113.9")
        let error = #expect(throws: RunError.self) { try SourcePlan(given, [], Load(phases: [])) }
        #expect(error?.code == .sourceAddress)
        #expect(error?.message.contains("203.0.113.9, which is no address of this machine") == true)
    }

    @Test(
        "the range of ports is read as Linux writes it",
        arguments: [
            ("32768\t60999\n", 28_232), ("1024 1024", 1), ("", nil), ("5", nil), ("9 1", nil), ("1 70000", nil),
        ]
            as [(String, Int?)]
    )
    func ports(text: String, count: Int?) {
        #expect(PortRange.count(in: text) == count)
    }
}

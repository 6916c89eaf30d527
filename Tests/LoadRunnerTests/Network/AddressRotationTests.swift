import NIOCore
import Testing

@testable import LoadRunner

@Suite("The addresses of a host in turn")
struct AddressRotationTests {
    private let addresses = (1...3).compactMap { try? SocketAddress(ipAddress: "10.0.0.\($0)", port: 80) }
    private let now = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func first(_ rotation: inout AddressRotation, at time: NIODeadline) -> String? {
        rotation.order(addresses, at: time).first?.ipAddress
    }

    @Test("each is first in its turn, with the others behind it", arguments: 0..<3)
    func turns(start: Int) {
        var rotation = AddressRotation(first: start)
        for round in 0..<6 {
            let order = rotation.order(addresses, at: now)
            #expect(order.count == 3)
            for place in 0..<3 { #expect(order[place] == addresses[(start + round + place) % 3]) }
        }
    }

    @Test("one that failed comes last for a second, and the others share its turns evenly")
    func rest() {
        var rotation = AddressRotation(first: 0)
        rotation.failed(addresses[1], at: now)
        var counts: [String: Int] = [:]
        for _ in 0..<10 {
            let order = rotation.order(addresses, at: now + .milliseconds(999))
            #expect(order.last == addresses[1])
            counts[order.first?.ipAddress ?? "", default: 0] += 1
        }
        #expect(counts == ["10.0.0.1": 5, "10.0.0.3": 5])
        let later = now + AddressRotation.rest
        #expect(Set((0..<3).map { _ in first(&rotation, at: later) }).count == 3)
    }

    @Test("where all failed all are tried nevertheless")
    func allFailed() {
        var rotation = AddressRotation(first: 0)
        for address in addresses { rotation.failed(address, at: now) }
        #expect(Set(rotation.order(addresses, at: now)) == Set(addresses))
    }

    @Test("a single address, and none, stay what they are")
    func few() {
        var rotation = AddressRotation(first: 7)
        #expect(rotation.order([addresses[0]], at: now) == [addresses[0]])
        #expect(rotation.order([], at: now) == [])
    }
}

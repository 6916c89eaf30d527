import Testing

@testable import PracticeServer

@Suite struct RandomUUIDTests {
    @Test("Random UUIDs are of version 4 and differ")
    func random() {
        var random = SplitMix64(seed: 5)
        let ids = (0..<1000).map { _ in random.uuid() }
        #expect(ids.allSatisfy { isUUID($0) && $0.utf8.dropFirst(14).first == UInt8(ascii: "4") })
        #expect(ids.allSatisfy { "89ab".contains($0.dropFirst(19).first ?? "x") })
        #expect(Set(ids).count == 1000)
    }

    @Test(
        "What is no UUID is told from one",
        arguments: [
            "", "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-0000000000000",
            "00000000+0000-0000-0000-000000000000", "0000000g-0000-0000-0000-000000000000",
            "000000000000000000000000000000000000",
        ]
    )
    func invalid(text: String) {
        #expect(!isUUID(text))
        #expect(isUUID("00000000-0000-0000-0000-00000000000A"))
    }
}

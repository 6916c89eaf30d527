import NIOCore
import Testing

@testable import LoadRunner

@Suite("Stamps")
struct StampTests {
    private let stamp = Stamp(room: 0xABCDE, sender: 12_345, number: 987_654_321, microseconds: 3_600_000_000)

    private func text(_ stamp: Stamp, tag: UInt32 = 0xDEAD_BEEF) -> String {
        var buffer = ByteBuffer()
        stamp.append(tag: tag, to: &buffer)
        return String(buffer: buffer)
    }

    private func found(in text: String, tag: UInt32 = 0xDEAD_BEEF) -> Stamp? {
        Array(text.utf8).withUnsafeBytes { Stamp.find(in: $0, tag: tag) }
    }

    @Test("A stamp is letters and digits of one length, and reads back")
    func readsBack() {
        let text = text(stamp)
        #expect(text == "rpzdeadbeef0abcde003039003ade68b10000d693a400")
        #expect(text.utf8.count == Stamp.length)
        #expect(found(in: text) == stamp)
    }

    @Test("It is found anywhere in a text, and what only looks like one is passed over")
    func finds() {
        let text = text(stamp)
        #expect(found(in: "rpz rpzdeadbeef says: \(text)!") == stamp)
        #expect(found(in: "\\u00e9\(text)\(text)") == stamp)
        #expect(found(in: String(text.dropLast())) == nil)
        #expect(found(in: text.uppercased()) == nil)
        #expect(found(in: text.replacing("3ade68b1", with: "3ade68bg")) == nil)
        #expect(found(in: "") == nil)
    }

    @Test("The stamps of another run are not this one's")
    func otherRun() {
        #expect(found(in: text(stamp, tag: 1)) == nil)
        #expect(found(in: text(stamp, tag: 1) + text(stamp)) == stamp)
    }
}

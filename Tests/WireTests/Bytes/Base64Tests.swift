import Foundation
import NIOCore
import Testing

@testable import Wire

@Suite("Base64")
struct Base64Tests {
    /// What the text stands for, or nil; checks that nothing is appended where it is refused.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        var buffer = ByteBuffer(string: "x")
        let isValid = withBytes(text) { Base64.decode($0, to: &buffer) }
        #expect(buffer.array.first == UInt8(ascii: "x"))
        if !isValid { #expect(buffer.readableBytes == 1) }
        return isValid ? Array(buffer.array.dropFirst()) : nil
    }

    @Test("bytes of every length and value come back, and the text is Foundation's")
    func roundTrip() {
        var generator = SeededGenerator(seed: 4648)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = Base64.encode(bytes)
            #expect(text == Array(Data(bytes).base64EncodedString().utf8))
            #expect(text.count == Base64.encodedCount(count))
            #expect(withBytes(text) { Base64.decodedCount($0) } == count)
            #expect(Self.decode(text) == bytes)
        }
        #expect(Base64.encodedCount(.max) == .max)
    }

    @Test(
        "what no encoder writes is refused",
        arguments: [
            "A", "AA", "AAA", "AAAAA", "A===", "====", "=AAA", "A=AA", "AA=A", "AAA=AAAA", "AA==AAAA", "AA=", "AB==",
            "AAB=", "AA A", "AAA\n", "AAAA\n", " AAA", "AA-_", "AA.A", "AAé", "AAA\u{0}", "=", "==", "AAAA====",
        ]
    )
    func strict(text: String) {
        #expect(Self.decode(Array(text.utf8)) == nil)
    }

    @Test("every byte at every place of a group is accepted or refused as the alphabet says")
    func alphabet() {
        let known = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for place in 0..<8 {
            for byte in UInt8.min...UInt8.max {
                var text = Array("AAAAAAAA".utf8)
                text[place] = byte
                let isPadding = place == 7 && byte == UInt8(ascii: "=")
                #expect((Self.decode(text) != nil) == (known.contains(byte) || isPadding), "\(byte) at \(place)")
            }
        }
    }

    @Test("a mutated text is refused, or is exactly what its bytes encode to")
    func canonical() {
        var generator = SeededGenerator(seed: 64)
        var accepted = 0
        for _ in 0..<5000 {
            let text = generator.mutate(Array("TG9uZyBwb2xsaW5nPw==".utf8), alphabet: Array("AQgw+/=9z".utf8))
            guard let bytes = Self.decode(text) else { continue }
            accepted += 1
            #expect(Base64.encode(bytes) == text)
        }
        #expect(accepted > 500)
    }
}

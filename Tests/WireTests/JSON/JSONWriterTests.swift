import NIOCore
import Testing

@testable import Wire

@Suite("JSON writing")
struct JSONWriterTests {
    @Test(
        "a number is written as short as it reads back",
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-25, "-25"), (0.1, "0.1"), (1.5, "1.5"),
            (9_007_199_254_740_991, "9007199254740991"),
            (9_007_199_254_740_992, "9007199254740992"), (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
        ]
    )
    func numbers(value: Double, expected: String) {
        var buffer = ByteBuffer()
        JSONWriter.writeNumber(value, to: &buffer)
        #expect(String(buffer: buffer) == expected)
    }

    @Test("every double reads back as itself")
    func doubles() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<3000 {
            let value = Double(bitPattern: .random(in: 0 ... .max, using: &generator))
            guard value.isFinite else { continue }
            let text = JSONValue.number(value).jsonText
            try withBytes(text) { bytes in
                let slice = try JSONScanner.validate(bytes, range: 0..<bytes.count)
                #expect(JSONScanner.double(of: slice, in: bytes) == value, "\(text)")
            }
        }
        for value in [Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, 1e16, 1e17, 1.8e19, 1e22, 123e-7] {
            #expect(Double(JSONValue.number(value).jsonText) == value)
        }
    }

    @Test("integers of every size are written", arguments: [0, 7, -7, 10, 99, 100, -1_000_000, .max, .min])
    func integers(value: Int) {
        var buffer = ByteBuffer()
        JSONWriter.writeInteger(value, to: &buffer)
        #expect(String(buffer: buffer) == String(value))
    }

    @Test("exactly quotes, backslashes and control characters are escaped")
    func escapes() {
        var buffer = ByteBuffer()
        JSONWriter.writeString("a\"b\\c/\u{8}\u{9}\u{A}\u{C}\u{D}\u{0}\u{1F}\u{7F}é😀", to: &buffer)
        #expect(String(buffer: buffer) == "\"a\\\"b\\\\c/\\b\\t\\n\\f\\r\\u0000\\u001f\u{7F}é😀\"")
    }

    @Test("each escape is found at every place among eight bytes")
    func places() throws {
        for place in 0..<20 {
            for byte in Array(0..<0x20) + [0x22, 0x5C] {
                var bytes = [UInt8](repeating: 0x78, count: 20)
                bytes[place] = UInt8(byte)
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(try JSONValue(parsing: JSONValue.string(text).jsonText) == .string(text))
            }
        }
    }

    @Test("what was read is written again unchanged")
    func unchanged() throws {
        let text = #"{"b":[1,-2.5,"x\ny",true,null,{}],"a":{"é":[]}}"#
        #expect(try JSONValue(parsing: text).jsonText == text)
    }

    @Test("of members with one name the last value counts, in the first one's place")
    func duplicates() throws {
        #expect(try JSONValue(parsing: #"{"a":1,"b":2,"\u0061":3}"#).jsonText == #"{"a":3,"b":2}"#)
        let many = (0..<40).map { "\"k\($0 % 25)\":\($0)" }.joined(separator: ",")
        let tree = try JSONValue(parsing: "{\(many)}")
        guard case .object(let members) = tree else { return #expect(Bool(false), "no object") }
        #expect(members.map(\.name) == (0..<25).map { "k\($0)" })
        #expect(tree["k3"] == .integer(28))
        #expect(tree["k20"] == .integer(20))
        // Canonically equal, but not the same name.
        #expect(try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}").jsonText.utf8.count == 16)
    }
}

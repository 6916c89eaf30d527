import Testing

@testable import Wire

@Suite("JSON numbers and strings")
struct JSONScalarTests {
    @Test(
        "a number that is a whole one and fits is an integer, however it is written",
        arguments: [
            ("0", 0), ("-0", 0), ("3", 3), ("3.0", 3), ("3e0", 3), ("0.3e1", 3), ("30e-1", 3), ("-300.00E-2", -3),
            ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
            ("-9223372036854775809", nil), ("9223372036854775807.0", .max), ("922337203685477580.7e1", .max),
            ("18446744073709551616", nil), ("1e18", 1_000_000_000_000_000_000), ("1e19", nil), ("0e999", 0),
            ("0.000e-99999999999999999999", 0), ("1e99999999999999999999", nil), ("1e-99999999999999999999", nil),
            ("3.5", nil), ("1e-1", nil), ("100000000000000000000000000000e-29", 1),
            ("1000000000000000000000000000001e-30", nil), ("0.00000000000000000000000000005e29", 5),
            ("12300000000000000000000e-20", 123), ("9007199254740993", 9_007_199_254_740_993),
        ] as [(String, Int?)]
    )
    func integers(text: String, expected: Int?) throws {
        try withBytes(text) { bytes in
            let slice = try JSONScanner.validate(bytes, range: 0..<bytes.count)
            #expect(JSONScanner.integer(of: slice, in: bytes) == expected)
            #expect(JSONScanner.double(of: slice, in: bytes) == Double(text))
        }
        let tree = try JSONValue(parsing: text)
        if let expected {
            #expect(tree == .integer(expected))
        } else {
            #expect(tree == Double(text).map { .number($0) })
        }
    }

    @Test("random decimals are read as the nearest double")
    func doubles() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<3000 {
            let digits = (0..<Int.random(in: 1...22, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator))
            }.joined()
            let text =
                (generator.chance(30) ? "-" : "") + "\(Int.random(in: 0...99, using: &generator)).\(digits)"
                + "e\(Int.random(in: -330...310, using: &generator))"
            try withBytes(text) { bytes in
                let slice = try JSONScanner.validate(bytes, range: 0..<bytes.count)
                #expect(JSONScanner.double(of: slice, in: bytes) == Double(text), "\(text)")
            }
        }
    }

    @Test("what is no number has no number", arguments: ["\"3\"", "null", "true", "[3]"])
    func notNumbers(text: String) {
        withBytes(text) { bytes in
            let slice = JSONScanner.value(at: 0, in: bytes)
            #expect(slice.flatMap { JSONScanner.integer(of: $0, in: bytes) } == nil)
            #expect(slice.flatMap { JSONScanner.double(of: $0, in: bytes) } == nil)
        }
    }

    @Test(
        "escapes are undone, and lone surrogates become U+FFFD",
        arguments: [
            (#""""#, ""), (#""plain""#, "plain"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{FFFD}"),
            (#""\ude00""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
            (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
            (#""a\u0000b""#, "a\0b"), (#""😀\n😀""#, "😀\n😀"),
        ]
    )
    func strings(text: String, expected: String) throws {
        try withBytes(text) { bytes in
            let slice = try JSONScanner.validate(bytes, range: 0..<bytes.count)
            let string = try #require(JSONScanner.string(of: slice, in: bytes))
            #expect(Array(string.utf8) == Array(expected.utf8))
            #expect(JSONScanner.equals(slice, in: bytes, utf8: Array(expected.utf8)))
            var appended: [UInt8] = []
            JSONScanner.appendString(of: slice, in: bytes, to: &appended)
            #expect(appended == Array(expected.utf8))
        }
    }

    @Test("raw bytes that look like the text are not the text where they are an escape")
    func rawEscape() {
        withBytes(#""a\nb""#) { bytes in
            let slice = JSONSlice(kind: .string, range: 0..<bytes.count)
            #expect(!JSONScanner.equals(slice, in: bytes, utf8: Array(#"a\nb"#.utf8)))
            #expect(JSONScanner.equals(slice, in: bytes, utf8: Array("a\nb".utf8)))
            #expect(!JSONScanner.equals(slice, in: bytes, utf8: Array("a\n".utf8)))
            #expect(!JSONScanner.equals(slice, in: bytes, utf8: []))
        }
    }
}

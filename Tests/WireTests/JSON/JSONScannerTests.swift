import Testing

@testable import Wire

@Suite("JSON scanning")
struct JSONScannerTests {
    @Test(
        "an error says where and why",
        arguments: [
            ("", 0, .endOfText), ("   ", 3, .endOfText), ("[1,", 3, .endOfText), ("{\"a\"", 4, .endOfText),
            ("[1 2]", 3, .missingSeparator), ("[1}", 2, .missingSeparator), ("{\"a\":1]", 6, .missingSeparator),
            ("{a:1}", 1, .missingName), ("{\"a\":1,}", 7, .missingName), ("{\"a\" 1}", 5, .missingColon),
            ("[1,]", 3, .unexpectedByte), ("nul", 3, .endOfText), ("nulL", 3, .badLiteral), ("01", 1, .trailingText),
            ("-x", 1, .badNumber), ("1.", 2, .endOfText), ("1.e3", 2, .badNumber), ("1e+", 3, .endOfText),
            ("\"\\x\"", 2, .badEscape), ("\"\\u12G4\"", 5, .badEscape), ("\"a\u{1}\"", 2, .controlCharacter),
            ("\"abc", 4, .endOfText), ("1 1", 2, .trailingText), ("\u{FEFF}1", 0, .unexpectedByte),
        ] as [(String, Int, JSONError.Problem)]
    )
    func errors(text: String, offset: Int, problem: JSONError.Problem) {
        withBytes(text) { bytes in
            #expect(throws: JSONError(offset: offset, problem: problem)) { try JSONScanner.validate(bytes) }
        }
        #expect(!JSONError(offset: offset, problem: problem).reason.isEmpty)
    }

    @Test("UTF-8 is checked to the letter of RFC 3629, wherever eight bytes begin and end")
    func utf8() {
        let good = ["7F", "C280", "DFBF", "E0A080", "ED9FBF", "EE8080", "EFBFBF", "F0908080", "F48FBFBF"]
        let bad = [
            "80", "BF", "C080", "C1BF", "C2", "C27F", "E09FBF", "E0A0", "EDA080", "EDBFBF", "F08FBFBF", "F4908080",
            "F5808080", "F0908022", "FF", "F8888080",
        ]
        for padding in 0..<18 {
            let before = [UInt8](repeating: 0x61, count: padding)
            for (list, isValid) in [(good, true), (bad, false)] {
                for text in list {
                    let document = [0x22] + before + hexadecimal(text) + before + [0x22]
                    withBytes(document) { bytes in
                        #expect(((try? JSONScanner.validate(bytes)) != nil) == isValid, "\(text) \(padding)")
                        #expect(UTF8Text.isValid(bytes) == isValid, "\(text) \(padding)")
                    }
                }
            }
        }
    }

    @Test("nesting is allowed up to the limit, and a hostile one is an error and no overflow")
    func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            var text: [UInt8] = []
            for level in 0..<depth { text += Array((level % 2 == 0 ? "[" : "{\"a\":").utf8) }
            text.append(UInt8(ascii: "1"))
            for level in (0..<depth).reversed() { text.append(UInt8(ascii: level % 2 == 0 ? "]" : "}")) }
            return text
        }
        for (depth, limit, isAllowed) in [
            (128, 128, true), (129, 128, false), (129, 1000, false), (3, 3, true), (4, 3, false), (1, 0, false),
            (0, 0, true), (65, 128, true),
        ] {
            withBytes(nested(depth)) { bytes in
                #expect(((try? JSONScanner.validate(bytes, maximumDepth: limit)) != nil) == isAllowed, "\(depth)")
            }
        }
        let tree = try JSONValue(parsing: nested(128))
        #expect(try JSONValue(parsing: tree.jsonText) == tree)
        withBytes([UInt8](repeating: 0x5B, count: 1_000_000)) { bytes in
            #expect(throws: JSONError(offset: 128, problem: .tooDeep)) { try JSONScanner.validate(bytes) }
        }
    }

    @Test("part of a buffer is validated as if there were nothing else")
    func range() throws {
        try withBytes(#"42["a", 1 ] tail"#) { bytes in
            let slice = try JSONScanner.validate(bytes, range: 2..<12)
            #expect(slice == JSONSlice(kind: .array, range: 2..<11))
            #expect(throws: JSONError(offset: 10, problem: .endOfText)) {
                _ = try JSONScanner.validate(bytes, range: 2..<10)
            }
            #expect(throws: JSONError(offset: 12, problem: .trailingText)) {
                _ = try JSONScanner.validate(bytes, range: 2..<16)
            }
            #expect(throws: JSONError.self) { _ = try JSONScanner.validate(bytes, range: 2..<99) }
            #expect(throws: JSONError.self) { _ = try JSONScanner.validate(bytes, range: -2..<9) }
        }
    }

    @Test("every proper beginning of an object is no document")
    func prefixes() throws {
        let document = Array(#"{"ab":[1.5e-3,"\u00e9\n😀",true,{"x":null}],"abcdefghijkl":-0}"#.utf8)
        for end in 0..<document.count {
            withBytes(Array(document[..<end])) { bytes in
                #expect((try? JSONScanner.validate(bytes)) == nil, "\(end)")
            }
        }
        withBytes(document) { bytes in #expect((try? JSONScanner.validate(bytes)) != nil) }
    }

    @Test(
        "a path finds its value",
        arguments: [
            (#"{"a":{"b":[10,20,{"c":"x"}]}}"#, "a.b.2.c", "\"x\""),
            (#"{"a":1,"a":2}"#, "a", "2"),
            (#"{"a":{"x":1},"a":5}"#, "a.x", nil),
            (#"{"a":5,"a":{"x":1}}"#, "a.x", "1"),
            (#"{"0":"zero"}"#, "0", "\"zero\""),
            (#"["zero"]"#, "0", "\"zero\""),
            (#"["zero"]"#, "1", nil),
            (#"["zero"]"#, "a", nil),
            (#"{"\u0061b":7}"#, "ab", "7"),
            (#"{"a\"b":7, "a" : [ ] }"#, "a\"b", "7"),
            (#"{"a\"b":7, "a" : [ ] }"#, "a", "[ ]"),
            (#"{"":{"":3}}"#, ".", "3"),
            (#"{"é":1}"#, "é", "1"),
            (#"{"e\u0301":1}"#, "\u{E9}", nil),
            (#"  [ {"a" : [1 , 2 ] } ] "#, "0.a.1", "2"),
            (#""text""#, "a", nil),
            (#"{"abcdefgh":1,"abcdefghi":2}"#, "abcdefghi", "2"),
        ]
    )
    func paths(text: String, path: String, expected: String?) {
        let components = path.split(separator: ".", omittingEmptySubsequences: false).map { part in
            Int(part).map { JSONPath.Component.index($0) } ?? .name(Array(part.utf8))
        }
        withBytes(text) { bytes in
            let slice = JSONScanner.locate(JSONPath(components), in: bytes, at: 0..<bytes.count)
            let found = slice.flatMap { JSONScanner.text(of: $0, in: bytes) }.map {
                String(decoding: $0, as: UTF8.self)
            }
            #expect(found == expected)
        }
    }

    @Test("an array is stepped through without a tree")
    func steps() {
        withBytes(#" [ 1 , "a,]" ,[2,[3]],{"b":[ ]} , null ] , 9"#) { bytes in
            var kinds: [JSONSlice.Kind] = []
            var element = JSONScanner.firstElement(ofArrayAt: 0..<bytes.count, in: bytes)
            while let current = element {
                kinds.append(current.kind)
                element = JSONScanner.nextElement(after: current, in: bytes)
            }
            #expect(kinds == [.number, .string, .array, .object, .null])
            #expect(JSONScanner.count(ofArrayAt: 0..<bytes.count, in: bytes) == 5)
        }
        withBytes(" [ ] ") { bytes in
            #expect(JSONScanner.firstElement(ofArrayAt: 0..<bytes.count, in: bytes) == nil)
            #expect(JSONScanner.count(ofArrayAt: 0..<bytes.count, in: bytes) == 0)
        }
        withBytes(#"{"a":1}"#) { bytes in
            #expect(JSONScanner.firstElement(ofArrayAt: 0..<bytes.count, in: bytes) == nil)
        }
    }

    @Test("what has content is neither null nor an empty string")
    func content() {
        for (text, expected) in [("null", false), ("\"\"", false), ("\" \"", true), ("0", true), ("{}", true)] {
            withBytes(text) { bytes in
                #expect(JSONScanner.value(at: 0, in: bytes).map(JSONScanner.hasContent) == expected)
            }
        }
    }
}

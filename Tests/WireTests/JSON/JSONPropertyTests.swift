import Foundation
import Testing

@testable import Wire

@Suite("JSON on random documents")
struct JSONPropertyTests {
    @Test("a random document is read as the tree it was written from", arguments: 0..<400 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        let tree = random.value()
        let text = random.write(tree)
        let read = try JSONValue(parsing: text)
        #expect(read == tree, "\(text)")
        #expect(try JSONValue(parsing: read.jsonText) == tree, "\(text)")
    }

    @Test("Foundation reads the same tree from a random document", arguments: 1000..<1200 as Range<UInt64>)
    func foundation(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        let text = random.write(random.value())
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
        #expect(try JSONValue(parsing: text).isEqual(to: object), "\(text)")
    }

    @Test("every path of a random document leads to the value in its tree", arguments: 2000..<2200 as Range<UInt64>)
    func paths(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        let tree = random.value()
        let text = random.write(tree)
        try withBytes(text) { bytes in
            for (path, value) in Self.paths(of: tree) {
                let slice = try #require(JSONScanner.locate(JSONPath(path), in: bytes, at: 0..<bytes.count))
                #expect(JSONValue(slice, in: bytes) == value, "\(text)")
                check(slice, value, bytes)
            }
        }
    }

    private func check(_ slice: JSONSlice, _ value: JSONValue, _ bytes: UnsafeRawBufferPointer) {
        switch value {
        case .string(let text):
            #expect(slice.kind == .string)
            #expect(JSONScanner.equals(slice, in: bytes, utf8: Array(text.utf8)))
            #expect(!JSONScanner.equals(slice, in: bytes, utf8: Array((text + "x").utf8)))
            #expect(!JSONScanner.equals(slice, in: bytes, utf8: Array(text.utf8.dropLast()) + [0xFF]))
            var appended: [UInt8] = [7]
            JSONScanner.appendString(of: slice, in: bytes, to: &appended)
            #expect(appended == [7] + Array(text.utf8))
        case .integer(let integer):
            #expect(JSONScanner.integer(of: slice, in: bytes) == integer)
            #expect(JSONScanner.double(of: slice, in: bytes) == Double(integer))
        case .number(let number):
            #expect(JSONScanner.integer(of: slice, in: bytes) == nil)
            #expect(JSONScanner.double(of: slice, in: bytes) == number)
        case .array(let elements):
            #expect(JSONScanner.count(ofArrayAt: slice.range, in: bytes) == elements.count)
            #expect(
                JSONScanner.locate(JSONPath([.index(elements.count)]), in: bytes, at: slice.range) == nil
            )
        case .bool(let flag):
            #expect(JSONScanner.bool(of: slice, in: bytes) == flag)
        case .null, .object:
            break
        }
    }

    @Test("a mutated document is accepted exactly when the grammar accepts it, and never read beyond its end")
    func mutation() throws {
        var generator = SeededGenerator(seed: 42)
        var accepted = 0
        for round in 0..<4000 {
            var random = RandomJSON(seed: UInt64(10_000 + round / 10))
            let text = random.write(random.value())
            let mutant = generator.mutate(Array(text.utf8), alphabet: Array(#"{}[]":,\u0019eE+-. truefalsnd"#.utf8))
            let isValid = withBytes(mutant) { bytes in
                Self.touchEverything(bytes, &generator)
                return (try? JSONScanner.validate(bytes)) != nil
            }
            if isValid { accepted += 1 }
            #expect(isValid == ReferenceJSON.accepts(mutant), "\(String(decoding: mutant, as: UTF8.self))")
            try Self.compareWithFoundation(mutant, isValid)
        }
        // The mutations are no use unless both answers are frequent.
        #expect(accepted > 200 && accepted < 3800)
    }

    /// Foundation takes a comma before a closing bracket, and no number beyond a double and no lone surrogate.
    private static func compareWithFoundation(_ bytes: [UInt8], _ isValid: Bool) throws {
        let theirs = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        if isValid {
            let ours = try JSONValue(parsing: bytes)
            let text = ours.jsonText
            if theirs == nil {
                #expect(text.contains("\u{FFFD}") || hasInfinity(ours), "\(String(decoding: bytes, as: UTF8.self))")
            }
        } else if theirs != nil {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.range(of: ",[ \t\r\n]*[\\]}]", options: .regularExpression) != nil, "\(text)")
        }
    }

    private static func hasInfinity(_ value: JSONValue) -> Bool {
        switch value {
        case .number(let number): number.isInfinite
        case .array(let elements): elements.contains(where: hasInfinity)
        case .object(let members): members.contains { hasInfinity($0.value) }
        default: false
        }
    }

    /// Calls everything that expects valid JSON with bytes that may be anything.
    private static func touchEverything(_ bytes: UnsafeRawBufferPointer, _ generator: inout SeededGenerator) {
        let one = Int.random(in: 0...bytes.count, using: &generator)
        let other = Int.random(in: 0...bytes.count, using: &generator)
        let range = min(one, other)..<max(one, other)
        for path in [JSONPath([.name([0x61]), .index(1)]), JSONPath([.index(0), .index(2)]), JSONPath([])] {
            _ = JSONScanner.locate(path, in: bytes, at: range)
        }
        _ = JSONScanner.count(ofArrayAt: range, in: bytes)
        _ = try? JSONScanner.validate(bytes, range: range)
        _ = JSONScanner.value(at: one, in: bytes)
        for kind in [JSONSlice.Kind.string, .number, .bool, .array, .object, .null] {
            let slice = JSONSlice(kind: kind, range: range)
            _ = JSONScanner.string(of: slice, in: bytes)
            _ = JSONScanner.integer(of: slice, in: bytes)
            _ = JSONScanner.double(of: slice, in: bytes)
            _ = JSONScanner.bool(of: slice, in: bytes)
            _ = JSONScanner.equals(slice, in: bytes, utf8: Array("abc".utf8))
            _ = JSONScanner.nextElement(after: slice, in: bytes)
            _ = JSONScanner.member(named: bytes, of: slice, in: bytes)
        }
    }

    private static func paths(of value: JSONValue) -> [([JSONPath.Component], JSONValue)] {
        let below: [([JSONPath.Component], JSONValue)] =
            switch value {
            case .array(let elements):
                elements.enumerated().flatMap { index, element in
                    paths(of: element).map { ([.index(index)] + $0.0, $0.1) }
                }
            case .object(let members):
                members.flatMap { member in
                    paths(of: member.value).map { ([.name(Array(member.name.utf8))] + $0.0, $0.1) }
                }
            default: []
            }
        return [([], value)] + below
    }
}

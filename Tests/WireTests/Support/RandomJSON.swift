@testable import Wire

/// Makes random documents: a tree, and one of the many ways to write it.
struct RandomJSON {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func value(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth > 4 ? 5 : 8), using: &generator) {
        case 0: return .null
        case 1: return .bool(generator.chance(50))
        case 2: return .integer(integer())
        case 3: return number()
        case 4: return .string(text())
        case 5, 6:
            return .object(
                Set((0..<Int.random(in: 0...6, using: &generator)).map { _ in text() })
                    .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
                    .map { .init($0, value(depth: depth + 1)) }
            )
        default:
            return .array((0..<Int.random(in: 0...6, using: &generator)).map { _ in value(depth: depth + 1) })
        }
    }

    /// Writes the tree with random whitespace and random escapes.
    mutating func write(_ value: JSONValue) -> String {
        let text =
            switch value {
            case .null, .bool, .integer, .number: value.jsonText
            case .string(let string): write(string)
            case .array(let elements):
                "[" + space() + elements.map { write($0) }.joined(separator: ",") + "]"
            case .object(let members):
                "{" + space()
                    + members.map { space() + write($0.name) + space() + ":" + write($0.value) }
                    .joined(separator: ",") + "}"
            }
        return space() + text + space()
    }

    mutating func text() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            text.unicodeScalars.append(scalar())
        }
        return text
    }

    private mutating func scalar() -> Unicode.Scalar {
        let value: UInt32 =
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: UInt32.random(in: 0..<0x20, using: &generator)
            case 1: UInt32.random(in: 0x80..<0x800, using: &generator)
            case 2: UInt32.random(in: 0x800..<0xD800, using: &generator)
            case 3: UInt32.random(in: 0xE000..<0x11_0000, using: &generator)
            case 4: generator.chance(50) ? 0x22 : 0x5C
            default: UInt32.random(in: 0x20..<0x7F, using: &generator)
            }
        return Unicode.Scalar(value) ?? "?"
    }

    private mutating func integer() -> Int {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: Int.random(in: .min ... .max, using: &generator)
        case 1: [Int.min, .max, 0, -1, 9_007_199_254_740_993][Int.random(in: 0..<5, using: &generator)]
        default: Int.random(in: -1000...1000, using: &generator)
        }
    }

    /// A number that is no integer.
    private mutating func number() -> JSONValue {
        let bits = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
        let value = generator.chance(50) ? bits : Double.random(in: -1000...1000, using: &generator)
        if !value.isFinite || Int(exactly: value) != nil { return .number(0.5) }
        return .number(value)
    }

    private mutating func space() -> String {
        guard generator.chance(30) else { return "" }
        return [" ", "\n", "\r\n", "\t", "   "].randomElement(using: &generator) ?? ""
    }

    private mutating func write(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            let isShort = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            if isShort || generator.chance(15) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: generator.chance(50))
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

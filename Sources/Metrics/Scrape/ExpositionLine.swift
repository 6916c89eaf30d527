import Foundation

/// A place within one line of a server's metrics.
struct ExpositionLine {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// Takes a character, where it is the next one behind blanks.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// A name: letters, digits, underscores and colons; nil where none begins here.
    mutating func name() -> String? {
        let name = rest.prefix(while: Self.isOfName)
        guard let first = name.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
        rest = rest.dropFirst(name.count)
        return String(decoding: name, as: UTF8.self)
    }

    /// What stands before the next blank; nil at the end of the line.
    mutating func word() -> String? {
        skipBlanks()
        let word = rest.prefix { !Self.isBlank($0) }
        guard !word.isEmpty else { return nil }
        rest = rest.dropFirst(word.count)
        return String(decoding: word, as: UTF8.self)
    }

    /// A text in quotes, with its escapes resolved; nil where none begins here or it does not end.
    mutating func quoted() -> String? {
        skipBlanks()
        guard rest.first == UInt8(ascii: "\"") else { return nil }
        var text: [UInt8] = []
        var isEscaped = false
        for (offset, byte) in rest.dropFirst().enumerated() {
            if isEscaped {
                isEscaped = false
                switch byte {
                case UInt8(ascii: "n"): text.append(0x0A)
                case UInt8(ascii: "\\"), UInt8(ascii: "\""): text.append(byte)
                default: text += [UInt8(ascii: "\\"), byte]
                }
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                rest = rest.dropFirst(offset + 2)
                return String(decoding: text, as: UTF8.self)
            } else {
                text.append(byte)
            }
        }
        return nil
    }

    /// The labels up to the closing brace; a quoted text without a value is the line's name.
    ///
    /// - Returns: Whether they were well-formed.
    mutating func labels(_ labels: inout [ExpositionReader.Label], _ lineName: inout String?) -> Bool {
        while !take("}") {
            let text = quoted()
            if let text, lineName == nil, labels.isEmpty, !isNext("=") {
                lineName = text
            } else {
                guard labels.count <= ExpositionReader.labelLimit, let name = text ?? name(), take("="),
                    let value = quoted()
                else { return false }
                labels.append(ExpositionReader.Label(name: name, value: value))
            }
            if !take(","), !isNext("}") { return false }
        }
        return true
    }

    /// A number as both formats write it; nil for anything else.
    mutating func value() -> Double? {
        word().flatMap(Self.number)
    }

    /// Whether nothing follows but a timestamp and an exemplar.
    mutating func isOver() -> Bool {
        if isNext("#") { return true }
        guard let timestamp = word() else { return true }
        guard Self.number(timestamp) != nil else { return false }
        skipBlanks()
        return rest.isEmpty || isNext("#")
    }

    private mutating func isNext(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        return rest.first == UInt8(ascii: character)
    }

    private mutating func skipBlanks() {
        rest = rest.drop(while: Self.isBlank)
    }

    private static func number(_ text: String) -> Double? {
        switch text.lowercased() {
        case "nan": return .nan
        case "inf", "+inf": return .infinity
        case "-inf": return -.infinity
        default: break
        }
        let isNumber = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        return isNumber ? Double(text) : nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}

/// Reads JSON where it lies: is it valid, and where in it is what.
///
/// `validate` takes any bytes. Everything else expects bytes that were validated, and finds its way in them without
/// looking for errors again; given anything else it still reads no byte outside the buffer and the ranges it was
/// given, and finds nothing or something meaningless. Nothing here allocates but what returns a `String`. All
/// offsets count from the start of the buffer. Source: RFC 8259.
package enum JSONScanner {
    /// Accepts exactly the documents of RFC 8259 in UTF-8: one value with whitespace around it.
    ///
    /// A byte order mark is no part of JSON. Escapes of lone surrogates are, by the grammar. Nesting beyond
    /// `maximumDepth` arrays and objects is an error; values above 128 count as 128.
    package static func validate(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int = WireLimits().nesting)
        throws(JSONError)
    {
        _ = try validate(bytes, range: 0..<bytes.count, maximumDepth: maximumDepth)
    }

    /// The same for a part of a buffer; returns the value without the whitespace around it.
    @discardableResult
    package static func validate(
        _ bytes: UnsafeRawBufferPointer,
        range: Range<Int>,
        maximumDepth: Int = WireLimits().nesting
    ) throws(JSONError) -> JSONSlice {
        guard let base = bytes.baseAddress, let range = clamp(range, to: bytes), !range.isEmpty else {
            throw JSONError(offset: range.lowerBound, problem: .endOfText)
        }
        var validator = JSONValidator(base: base, range: range)
        let value = try validator.document(maximumDepth: maximumDepth)
        return JSONSlice(kind: kind(of: base.byte(value.lowerBound)), range: value)
    }

    /// The value that starts at this offset, or after the whitespace there; nil where the buffer ends first.
    package static func value(at offset: Int, in bytes: UnsafeRawBufferPointer) -> JSONSlice? {
        guard let base = bytes.baseAddress, offset >= 0 else { return nil }
        return value(base, offset, bytes.count)
    }

    static func clamp(_ range: Range<Int>, to bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        range.lowerBound >= 0 && range.upperBound <= bytes.count ? range : nil
    }
}

// MARK: - Steps over valid JSON

extension JSONScanner {
    @inline(__always)
    static func value(_ base: UnsafeRawPointer, _ offset: Int, _ end: Int) -> JSONSlice? {
        let start = skipWhitespace(base, offset, end)
        guard start < end else { return nil }
        let kind = kind(of: base.byte(start))
        let stop =
            switch kind {
            case .string: stringEnd(base, start &+ 1, end).end
            case .array, .object: containerEnd(base, start, end)
            case .number, .bool, .null: scalarEnd(base, start, end)
            }
        guard stop > start else { return nil }
        return JSONSlice(kind: kind, range: Range(uncheckedBounds: (start, stop)))
    }

    /// What a value is by its first byte; what is nothing else counts as a number.
    @inline(__always)
    static func kind(of byte: UInt8) -> JSONSlice.Kind {
        switch byte {
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    @inline(__always)
    static func skipWhitespace(_ base: UnsafeRawPointer, _ offset: Int, _ end: Int) -> Int {
        var at = offset
        while at < end, base.byte(at) <= 0x20 {
            switch base.byte(at) {
            case 0x20, 0x0A, 0x0D, 0x09: at &+= 1
            default: return at
            }
        }
        return at
    }

    /// Where a string ends (after its closing quote) whose content starts here, and whether it has escapes.
    @inline(__always)
    static func stringEnd(_ base: UnsafeRawPointer, _ offset: Int, _ end: Int) -> (end: Int, isEscaped: Bool) {
        var at = offset
        var isEscaped = false
        while true {
            while end &- at >= 8 {
                let word = ByteScan.word(base, at)
                let mask = ByteScan.equal(word, to: UInt8(ascii: "\"")) | ByteScan.equal(word, to: UInt8(ascii: "\\"))
                if mask != 0 {
                    at &+= ByteScan.firstIndex(in: mask)
                    break
                }
                at &+= 8
            }
            guard at < end else { return (end, isEscaped) }
            switch base.byte(at) {
            case UInt8(ascii: "\""): return (at &+ 1, isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                at = min(at &+ 2, end)
            default: at &+= 1
            }
        }
    }

    private static func containerEnd(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int {
        var at = start
        var depth = 0
        while at < end {
            switch base.byte(at) {
            case UInt8(ascii: "\""):
                at = stringEnd(base, at &+ 1, end).end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth &+= 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth &-= 1
                if depth == 0 { return at &+ 1 }
            default:
                break
            }
            at &+= 1
        }
        return end
    }

    @inline(__always)
    private static func scalarEnd(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end {
            switch base.byte(at) {
            case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x0A, 0x0D, 0x09: return at
            default: at &+= 1
            }
        }
        return at
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }
}

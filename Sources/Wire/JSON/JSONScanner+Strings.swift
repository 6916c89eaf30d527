extension JSONScanner {
    /// The text of a string, or nil where the value is none; lone surrogates become U+FFFD.
    package static func string(of slice: JSONSlice, in bytes: UnsafeRawBufferPointer) -> String? {
        guard let (base, content) = content(of: slice, in: bytes) else { return nil }
        let raw = UnsafeRawBufferPointer(rebasing: bytes[content])
        guard isEscaped(raw) else { return String(decoding: raw, as: UTF8.self) }
        return String(unsafeUninitializedCapacity: raw.count) { target in
            // An escape is never shorter than the UTF-8 it stands for, so the raw length suffices.
            var written = 0
            unescape(base, content) { part in
                for byte in part where written < target.count {
                    target[written] = byte
                    written &+= 1
                }
            }
            return written
        }
    }

    /// Appends the unescaped content of a string; nothing where the value is no string.
    package static func appendString(
        of slice: JSONSlice,
        in bytes: UnsafeRawBufferPointer,
        to target: inout [UInt8]
    ) {
        guard let (base, content) = content(of: slice, in: bytes) else { return }
        unescape(base, content) { target.append(contentsOf: $0) }
    }

    /// Whether the value is a string with this text.
    package static func equals(
        _ slice: JSONSlice,
        in bytes: UnsafeRawBufferPointer,
        utf8 text: UnsafeRawBufferPointer
    ) -> Bool {
        guard let (base, content) = content(of: slice, in: bytes) else { return false }
        // The unescaped text is never longer than the raw one.
        guard content.count >= text.count else { return false }
        if content.count == text.count, isEqual(base + content.lowerBound, text) {
            return !isEscaped(text)
        }
        return JSONUnescaper(base: base, content.lowerBound, content.upperBound).equals(text)
    }

    /// Whether the value is a string with this text.
    package static func equals(_ slice: JSONSlice, in bytes: UnsafeRawBufferPointer, utf8 text: [UInt8]) -> Bool {
        text.withUnsafeBytes { equals(slice, in: bytes, utf8: $0) }
    }

    /// Whether the value says anything: it is neither null nor an empty string.
    package static func hasContent(_ slice: JSONSlice) -> Bool {
        switch slice.kind {
        case .null: false
        case .string: slice.range.count > 2
        case .bool, .number, .array, .object: true
        }
    }

    /// The value of a bool, or nil where the value is none.
    package static func bool(of slice: JSONSlice, in bytes: UnsafeRawBufferPointer) -> Bool? {
        guard slice.kind == .bool, clamp(slice.range, to: bytes) != nil, !slice.range.isEmpty else { return nil }
        return bytes[slice.range.lowerBound] == UInt8(ascii: "t")
    }

    /// The bytes of a value as they stand in the buffer; nil where the range is outside of it.
    package static func text(of slice: JSONSlice, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let range = clamp(slice.range, to: bytes) else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[range])
    }
}

extension JSONScanner {
    @inline(__always)
    private static func content(
        of slice: JSONSlice,
        in bytes: UnsafeRawBufferPointer
    ) -> (base: UnsafeRawPointer, range: Range<Int>)? {
        guard slice.kind == .string, slice.range.count >= 2, let base = bytes.baseAddress,
            let range = clamp(slice.range, to: bytes)
        else { return nil }
        return (base, Range(uncheckedBounds: (range.lowerBound &+ 1, range.upperBound &- 1)))
    }

    @inline(__always)
    private static func isEscaped(_ raw: UnsafeRawBufferPointer) -> Bool {
        guard let base = raw.baseAddress else { return false }
        var at = 0
        while raw.count &- at >= 8 {
            if ByteScan.equal(ByteScan.word(base, at), to: UInt8(ascii: "\\")) != 0 { return true }
            at &+= 8
        }
        while at < raw.count {
            if base.byte(at) == UInt8(ascii: "\\") { return true }
            at &+= 1
        }
        return false
    }

    @inline(__always)
    private static func unescape(
        _ base: UnsafeRawPointer,
        _ content: Range<Int>,
        _ take: (UnsafeRawBufferPointer) -> Void
    ) {
        var unescaper = JSONUnescaper(base: base, content.lowerBound, content.upperBound)
        while let piece = unescaper.next() {
            switch piece {
            case .run(let range):
                take(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
            case .scalar(let scalar):
                let (packed, count) = UTF8Text.encode(scalar)
                withUnsafeBytes(of: packed.littleEndian) {
                    take(UnsafeRawBufferPointer(rebasing: $0[..<count]))
                }
            }
        }
    }
}

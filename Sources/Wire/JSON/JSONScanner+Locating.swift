extension JSONScanner {
    /// The value at a path below the value that stands in this range, or nil where there is none.
    ///
    /// Of members with the same name the last one counts, as with `JSON.parse`. Names compare after unescaping. A
    /// numeric component is the index of an array's element, and the name of a member where the value is an object.
    package static func locate(
        _ path: JSONPath,
        in bytes: UnsafeRawBufferPointer,
        at range: Range<Int>
    ) -> JSONSlice? {
        guard let base = bytes.baseAddress, let range = clamp(range, to: bytes),
            var found = value(base, range.lowerBound, range.upperBound)
        else { return nil }
        for component in path.components {
            let next: JSONSlice? =
                switch component {
                case .name(let name):
                    name.withUnsafeBytes { member(named: $0, of: found, base) }
                case .index(let index):
                    found.kind == .array
                        ? element(index, of: found, base) : member(numbered: index, of: found, base)
                }
            guard let next else { return nil }
            found = next
        }
        return found
    }

    /// The last member with this name (unescaped UTF-8) of an object, or nil.
    package static func member(
        named name: UnsafeRawBufferPointer,
        of object: JSONSlice,
        in bytes: UnsafeRawBufferPointer
    ) -> JSONSlice? {
        guard let base = bytes.baseAddress, clamp(object.range, to: bytes) != nil else { return nil }
        return member(named: name, of: object, base)
    }

    /// The first element of the array in this range, or nil where there is none or this is no array.
    package static func firstElement(
        ofArrayAt range: Range<Int>,
        in bytes: UnsafeRawBufferPointer
    ) -> JSONSlice? {
        guard let base = bytes.baseAddress, let range = clamp(range, to: bytes) else { return nil }
        return firstElement(range, base)
    }

    /// The element after this one of the same array, or nil where this was the last.
    package static func nextElement(after element: JSONSlice, in bytes: UnsafeRawBufferPointer) -> JSONSlice? {
        guard let base = bytes.baseAddress, clamp(element.range, to: bytes) != nil else { return nil }
        return nextElement(element.range.upperBound, bytes.count, base)
    }

    /// How many elements the array in this range has; 0 where this is no array.
    package static func count(ofArrayAt range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Int {
        guard let base = bytes.baseAddress, let range = clamp(range, to: bytes) else { return 0 }
        var count = 0
        var element = firstElement(range, base)
        while let current = element {
            count &+= 1
            element = nextElement(current.range.upperBound, range.upperBound, base)
        }
        return count
    }
}

extension JSONScanner {
    @inline(__always)
    private static func firstElement(_ range: Range<Int>, _ base: UnsafeRawPointer) -> JSONSlice? {
        let end = range.upperBound
        let open = skipWhitespace(base, range.lowerBound, end)
        guard open < end, base.byte(open) == UInt8(ascii: "[") else { return nil }
        let start = skipWhitespace(base, open &+ 1, end)
        guard start < end, base.byte(start) != UInt8(ascii: "]") else { return nil }
        return value(base, start, end)
    }

    @inline(__always)
    private static func nextElement(_ offset: Int, _ end: Int, _ base: UnsafeRawPointer) -> JSONSlice? {
        let comma = skipWhitespace(base, offset, end)
        guard comma < end, base.byte(comma) == UInt8(ascii: ",") else { return nil }
        return value(base, comma &+ 1, end)
    }

    private static func element(_ index: Int, of array: JSONSlice, _ base: UnsafeRawPointer) -> JSONSlice? {
        guard index >= 0 else { return nil }
        var element = firstElement(array.range, base)
        var left = index
        while left > 0, let current = element {
            element = nextElement(current.range.upperBound, array.range.upperBound, base)
            left &-= 1
        }
        return element
    }

    private static func member(numbered index: Int, of object: JSONSlice, _ base: UnsafeRawPointer) -> JSONSlice? {
        var name = String(index)
        return name.withUTF8 { member(named: UnsafeRawBufferPointer($0), of: object, base) }
    }

    @inline(__always)
    private static func member(
        named name: UnsafeRawBufferPointer,
        of object: JSONSlice,
        _ base: UnsafeRawPointer
    ) -> JSONSlice? {
        guard object.kind == .object else { return nil }
        let end = object.range.upperBound
        var at = skipWhitespace(base, object.range.lowerBound &+ 1, end)
        var found: JSONSlice?
        while at < end, base.byte(at) == UInt8(ascii: "\"") {
            let start = at &+ 1
            let (stop, isEscaped) = stringEnd(base, start, end)
            let colon = skipWhitespace(base, stop, end)
            guard colon < end, let value = value(base, colon &+ 1, end) else { break }
            if isName(name, base, start, stop &- 1, isEscaped) { found = value }
            let comma = skipWhitespace(base, value.range.upperBound, end)
            guard comma < end, base.byte(comma) == UInt8(ascii: ",") else { break }
            at = skipWhitespace(base, comma &+ 1, end)
        }
        return found
    }

    @inline(__always)
    private static func isName(
        _ name: UnsafeRawBufferPointer,
        _ base: UnsafeRawPointer,
        _ start: Int,
        _ end: Int,
        _ isEscaped: Bool
    ) -> Bool {
        if isEscaped { return JSONUnescaper(base: base, start, end).equals(name) }
        return end &- start == name.count && isEqual(base + start, name)
    }
}

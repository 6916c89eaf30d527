/// One member of an object that was located in a buffer.
package struct JSONMemberSlice: Hashable, Sendable {
    /// The name, a string in quotes.
    package var name: JSONSlice
    package var value: JSONSlice
}

extension JSONScanner {
    /// The first member of the object in this range, or nil where there is none or this is no object.
    package static func firstMember(
        ofObjectAt range: Range<Int>,
        in bytes: UnsafeRawBufferPointer
    ) -> JSONMemberSlice? {
        guard let base = bytes.baseAddress, let range = clamp(range, to: bytes) else { return nil }
        let open = skipWhitespace(base, range.lowerBound, range.upperBound)
        guard open < range.upperBound, base.byte(open) == UInt8(ascii: "{") else { return nil }
        return member(at: open &+ 1, range.upperBound, base)
    }

    /// The member after this one of the same object, or nil where this was the last.
    package static func nextMember(
        after member: JSONMemberSlice,
        in bytes: UnsafeRawBufferPointer
    ) -> JSONMemberSlice? {
        guard let base = bytes.baseAddress, clamp(member.value.range, to: bytes) != nil else { return nil }
        let comma = skipWhitespace(base, member.value.range.upperBound, bytes.count)
        guard comma < bytes.count, base.byte(comma) == UInt8(ascii: ",") else { return nil }
        return self.member(at: comma &+ 1, bytes.count, base)
    }

    private static func member(at offset: Int, _ end: Int, _ base: UnsafeRawPointer) -> JSONMemberSlice? {
        guard let name = value(base, offset, end), name.kind == .string else { return nil }
        let colon = skipWhitespace(base, name.range.upperBound, end)
        guard colon < end, base.byte(colon) == UInt8(ascii: ":"), let value = value(base, colon &+ 1, end) else {
            return nil
        }
        return JSONMemberSlice(name: name, value: value)
    }
}

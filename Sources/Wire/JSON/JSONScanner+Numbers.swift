extension JSONScanner {
    /// The value of a number that is a whole one and fits, else nil.
    ///
    /// Exact: `3`, `3.0`, `3e0` and `0.3e1` are 3, `3.5` and `1e19` are nil. `-0` is 0.
    package static func integer(of slice: JSONSlice, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let number = number(of: slice, in: bytes) else { return nil }
        return number.integer
    }

    /// The value of a number, rounded to the nearest double (infinity where it is larger than any); else nil.
    package static func double(of slice: JSONSlice, in bytes: UnsafeRawBufferPointer) -> Double? {
        guard let number = number(of: slice, in: bytes) else { return nil }
        if let exact = number.double { return exact }
        return Double(String(decoding: bytes[slice.range], as: UTF8.self))
    }

    private static func number(of slice: JSONSlice, in bytes: UnsafeRawBufferPointer) -> JSONNumber? {
        guard slice.kind == .number, !slice.range.isEmpty, let base = bytes.baseAddress,
            let range = clamp(slice.range, to: bytes)
        else { return nil }
        return JSONNumber(base, range)
    }
}

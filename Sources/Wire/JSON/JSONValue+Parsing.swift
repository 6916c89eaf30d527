extension JSONValue {
    /// Reads one document.
    ///
    /// Numbers that fit `Int` exactly become `.integer`, all others `.number`. Of members with the same name the last
    /// value counts, at the first one's place, as with `JSON.parse`. The depth of the tree is at most
    /// `maximumDepth` (values above 128 count as 128).
    package init(
        parsing bytes: UnsafeRawBufferPointer,
        range: Range<Int>,
        maximumDepth: Int = WireLimits().nesting
    ) throws(JSONError) {
        let slice = try JSONScanner.validate(bytes, range: range, maximumDepth: maximumDepth)
        self.init(slice, in: bytes)
    }

    /// Reads one document.
    package init(parsing bytes: [UInt8], maximumDepth: Int = WireLimits().nesting) throws(JSONError) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(JSONError) in
                try JSONValue(parsing: bytes, range: 0..<bytes.count, maximumDepth: maximumDepth)
            }
        }
        self = try result.get()
    }

    /// Reads one document.
    package init(parsing text: String, maximumDepth: Int = WireLimits().nesting) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), maximumDepth: maximumDepth)
    }

    /// The tree of a value in a buffer that was validated.
    ///
    /// Recursive: the validation has bounded the depth.
    package init(_ slice: JSONSlice, in bytes: UnsafeRawBufferPointer) {
        switch slice.kind {
        case .null:
            self = .null
        case .bool:
            self = .bool(JSONScanner.bool(of: slice, in: bytes) ?? false)
        case .number:
            if let integer = JSONScanner.integer(of: slice, in: bytes) {
                self = .integer(integer)
            } else {
                self = .number(JSONScanner.double(of: slice, in: bytes) ?? .nan)
            }
        case .string:
            self = .string(JSONScanner.string(of: slice, in: bytes) ?? "")
        case .array:
            var elements: [JSONValue] = []
            var element = JSONScanner.firstElement(ofArrayAt: slice.range, in: bytes)
            while let current = element {
                elements.append(JSONValue(current, in: bytes))
                element = JSONScanner.nextElement(after: current, in: bytes)
            }
            self = .array(elements)
        case .object:
            var members = JSONMembers()
            var member = JSONScanner.firstMember(ofObjectAt: slice.range, in: bytes)
            while let current = member {
                members.set(
                    JSONScanner.string(of: current.name, in: bytes) ?? "",
                    JSONValue(current.value, in: bytes)
                )
                member = JSONScanner.nextMember(after: current, in: bytes)
            }
            self = .object(members.list)
        }
    }
}

/// The members of an object while it is read: a name that comes again replaces the value.
private struct JSONMembers {
    private(set) var list: [JSONValue.Member] = []
    /// Built when the list grows long, so that a hostile object costs no quadratic time.
    private var places: [[UInt8]: Int] = [:]

    mutating func set(_ name: String, _ value: JSONValue) {
        if let place = place(of: name) {
            list[place].value = value
            return
        }
        list.append(JSONValue.Member(name, value))
        if list.count == Self.longest {
            for (place, member) in list.enumerated() { places[Array(member.name.utf8)] = place }
        } else if list.count > Self.longest {
            places[Array(name.utf8)] = list.count - 1
        }
    }

    private static var longest: Int { 16 }

    /// Names are the same when their code points are: `String` would take different ones for equal.
    private func place(of name: String) -> Int? {
        if list.count >= Self.longest { return places[Array(name.utf8)] }
        return list.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    }
}

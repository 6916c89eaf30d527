import NIOCore
import Wire

extension JSONValue {
    /// Null and the empty text: a key with such a value is left out.
    var isEmpty: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .bool, .integer, .number, .array, .object: false
        }
    }

    /// A text without its quotes, nothing for null, JSON for the rest.
    var plainText: String {
        switch self {
        case .null: ""
        case .string(let text): text
        case .bool, .integer, .number, .array, .object: jsonText
        }
    }

    /// Appends `plainText`.
    func appendText(to buffer: inout ByteBuffer) {
        switch self {
        case .null: break
        case .string(let text): buffer.writeString(text)
        case .bool, .integer, .number, .array, .object: write(to: &buffer)
        }
    }

    /// Whether the two are the same to a scenario: numbers by their value, members in any order.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .number(let right)):
            return right == Double(left)
        case (.number(let left), .integer(let right)):
            return left == Double(right)
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)):
            return left.count == right.count
                && left.allSatisfy { member in other[member.name].map(member.value.isSame(as:)) ?? false }
                && right.allSatisfy { self[$0.name] != nil }
        case (.string(let left), .string(let right)):
            // Code points, not canonical equivalence: what the server compares are bytes.
            return left.utf8.elementsEqual(right.utf8)
        default:
            return self == other
        }
    }

    /// Whether it is the same as a value that lies in a buffer; without a tree unless it is an array or an object.
    func isSame(as slice: JSONSlice?, in bytes: UnsafeRawBufferPointer) -> Bool {
        guard let slice else { return self == .null }
        switch self {
        case .null:
            return slice.kind == .null
        case .bool(let flag):
            return JSONScanner.bool(of: slice, in: bytes) == flag
        case .integer(let integer):
            return JSONScanner.integer(of: slice, in: bytes) == integer
        case .number(let number):
            return JSONScanner.double(of: slice, in: bytes) == number
        case .string(let text):
            var text = text
            return text.withUTF8 { JSONScanner.equals(slice, in: bytes, utf8: UnsafeRawBufferPointer($0)) }
        case .array, .object:
            return slice.kind == .array || slice.kind == .object ? isSame(as: JSONValue(slice, in: bytes)) : false
        }
    }
}

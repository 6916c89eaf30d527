import Foundation

@testable import Wire

extension JSONValue {
    /// Whether `JSONSerialization` read the same tree.
    func isEqual(to object: Any) -> Bool {
        switch self {
        case .null:
            return object is NSNull
        case .bool(let flag):
            return object as? Bool == flag
        case .integer(let integer):
            return (object as? NSNumber)?.int64Value == Int64(integer)
        case .number(let number):
            // Foundation on Linux reads through `Decimal` and may be off by a few last bits.
            guard let theirs = (object as? NSNumber)?.doubleValue else { return false }
            return abs(theirs - number) <= abs(number) * 1e-14
        case .string(let text):
            return (object as? String).map { Array($0.utf8) == Array(text.utf8) } ?? false
        case .array(let elements):
            guard let array = object as? [Any], array.count == elements.count else { return false }
            return zip(elements, array).allSatisfy { $0.isEqual(to: $1) }
        case .object(let members):
            guard let dictionary = object as? [String: Any], dictionary.count == members.count else { return false }
            return members.allSatisfy { member in
                dictionary[member.name].map { member.value.isEqual(to: $0) } ?? false
            }
        }
    }
}

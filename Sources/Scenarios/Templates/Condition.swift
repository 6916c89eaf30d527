import Wire

/// COND of the language.
package struct Condition: Sendable {
    enum Operator: String, Sendable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case less = "<"
        case greaterOrEqual = ">="
        case greater = ">"
    }

    indirect enum Test: Sendable {
        case compare(Operator, Expression, Expression)
        case all(Test, Test)
        case any(Test, Test)
        case not(Test)
        /// It is there and not null.
        case exists(Expression)
        /// A value alone: neither null, false, 0 nor an empty text.
        case isTrue(Expression)
    }

    let test: Test

    /// Whether it is true now.
    package func holds(_ values: inout ClientValues, event: EventView?) -> Bool {
        test.holds(&values, event: event)
    }
}

extension Condition.Test {
    func holds(_ values: inout ClientValues, event: EventView?) -> Bool {
        switch self {
        case .compare(.equal, let left, let right):
            Self.isSame(left, right, &values, event: event)
        case .compare(.notEqual, let left, let right):
            !Self.isSame(left, right, &values, event: event)
        case .compare(let relation, let left, let right):
            Self.isOrdered(relation, left.value(&values, event: event), right.value(&values, event: event))
        case .all(let left, let right):
            left.holds(&values, event: event) && right.holds(&values, event: event)
        case .any(let left, let right):
            left.holds(&values, event: event) || right.holds(&values, event: event)
        case .not(let test):
            !test.holds(&values, event: event)
        case .exists(let expression):
            expression.value(&values, event: event) != .null
        case .isTrue(let expression):
            switch expression.value(&values, event: event) {
            case .null, .bool(false), .integer(0): false
            case .number(let number): number != 0
            case .string(let text): !text.isEmpty
            case .bool, .integer, .array, .object: true
            }
        }
    }

    /// A message's value is compared where it lies.
    private static func isSame(
        _ left: Expression,
        _ right: Expression,
        _ values: inout ClientValues,
        event: EventView?
    ) -> Bool {
        if case .event(let path) = left, let event {
            return right.value(&values, event: event).isSame(as: path.found(in: event), in: event.bytes)
        }
        if case .event(let path) = right, let event {
            return left.value(&values, event: event).isSame(as: path.found(in: event), in: event.bytes)
        }
        return left.value(&values, event: event).isSame(as: right.value(&values, event: event))
    }

    /// Numbers are ordered among themselves, and so are texts; anything else is in no order.
    private static func isOrdered(_ relation: Condition.Operator, _ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): isOrdered(relation, left, right)
        case (.integer(let left), .number(let right)): isOrdered(relation, Double(left), right)
        case (.number(let left), .integer(let right)): isOrdered(relation, left, Double(right))
        case (.number(let left), .number(let right)): isOrdered(relation, left, right)
        case (.string(let left), .string(let right)): isOrdered(relation, left, right)
        default: false
        }
    }

    private static func isOrdered<Value: Comparable>(
        _ relation: Condition.Operator,
        _ left: Value,
        _ right: Value
    ) -> Bool {
        switch relation {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        case .equal: left == right
        case .notEqual: left != right
        }
    }
}

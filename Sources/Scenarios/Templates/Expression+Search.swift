extension Condition.Test {
    /// Whether some expression in it, at any depth, is of this kind.
    func contains(where matches: (Expression) -> Bool) -> Bool {
        switch self {
        case .compare(_, let left, let right): left.contains(where: matches) || right.contains(where: matches)
        case .all(let left, let right), .any(let left, let right):
            left.contains(where: matches) || right.contains(where: matches)
        case .not(let test): test.contains(where: matches)
        case .exists(let expression), .isTrue(let expression): expression.contains(where: matches)
        }
    }
}

extension Expression {
    /// Whether it, or some expression in it, is of this kind.
    func contains(where matches: (Expression) -> Bool) -> Bool {
        if matches(self) { return true }
        switch self {
        case .random(let first, let second), .fallback(let first, let second):
            return first.contains(where: matches) || second.contains(where: matches)
        case .pick(let choices):
            return choices.contains { $0.contains(where: matches) }
        case .stamp(let room):
            return room?.contains(where: matches) ?? false
        case .literal, .environment, .variable, .feed, .event, .sent, .clientIndex, .roomName, .roomIndex, .uuid, .now,
            .iso, .words:
            return false
        }
    }
}

/// Names for what a scenario names.
enum ScenarioNames {
    /// `session_joined` of `sessionJoined` or `Session-Joined`.
    static func snake(_ text: String) -> String {
        var result = ""
        var previousIsLower = false
        for character in text {
            guard character.isASCII, character.isLetter || character.isNumber else {
                if !result.isEmpty, result.last != "_" { result.append("_") }
                previousIsLower = false
                continue
            }
            if character.isUppercase, previousIsLower, result.last != "_" { result.append("_") }
            result += character.lowercased()
            previousIsLower = character.isLowercase || character.isNumber
        }
        while result.last == "_" { result.removeLast() }
        return result
    }

    /// A name for `measure:`, a stream or a plan.
    static func metric(_ text: String) -> String {
        var name = String(snake(text).prefix(48))
        if name.first.map({ !("a"..."z").contains($0) }) ?? true { name = "m_\(name)" }
        while name.last == "_" { name.removeLast() }
        return ReadingSession.fixedMetrics.contains(name) ? "the_\(name)" : name
    }

    /// A name for a variable, as the field is named where that will do.
    static func variable(_ field: String) -> String {
        var name = String(field.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }.prefix(40))
        if name.first.map({ !$0.isLetter }) ?? true { name = "value\(name)" }
        return GroupNames.reserved.contains(name) ? "\(name)Value" : name
    }

    /// `API_KEY`
    static func environment(_ field: String) -> String {
        let name = snake(field).uppercased()
        return name.isEmpty || name.first?.isNumber == true ? "SECRET" : name
    }
}

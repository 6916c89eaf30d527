extension ReadingSession {
    func duration(_ node: SourceNode, _ what: String) -> Duration? {
        if let scalar = node.scalar, let duration = Amounts.duration(scalar.text) { return duration }
        let help = "write a number and its unit: 250ms, 1.5s, 2m, 1h"
        report(.badValue, "\(what) has to be a duration\(Self.instead(node))", at: node, help: help)
        return nil
    }

    func delay(_ node: SourceNode, _ what: String) -> Delay? {
        if let scalar = node.scalar, let range = Amounts.range(scalar.text) { return .range(range) }
        if case .map = node.content { return distribution(node, what) }
        let help = "write 2s, or 1s..3s with the smaller one first"
        report(
            .badValue,
            "\(what) has to be a duration or a range of durations\(Self.instead(node))",
            at: node,
            help: help
        )
        return nil
    }

    /// `{ mean: 2s, distribution: exponential }`
    private func distribution(_ node: SourceNode, _ what: String) -> Delay? {
        guard let map = MapReader<DistributionKey>(node, what, self) else { return nil }
        let mean = map.required(.mean).flatMap { _ in map.someTime(.mean) }
        guard let shape = map.required(.distribution), let name = name(shape, "'distribution'") else { return nil }
        guard name == "exponential" else {
            let isNear = nearest(to: name, in: ["exponential"]) != nil
            let help = isNear ? "did you mean 'exponential'?" : "for delays that are spread evenly write 1s..3s"
            report(.badValue, "'distribution' has to be 'exponential', not '\(name.prefix(40))'", at: shape, help: help)
            return nil
        }
        return mean.map { .exponential(mean: $0) }
    }

    /// One of a few words.
    func word<Word>(_ node: SourceNode, _ what: String, _ type: Word.Type = Word.self) -> Word?
    where Word: RawRepresentable<String>, Word: CaseIterable {
        guard let name = name(node, what) else { return nil }
        if let word = Word(rawValue: name) { return word }
        let words = Word.allCases.map(\.rawValue)
        let help = nearest(to: name, in: words).map { "did you mean '\($0)'?" }
        let list =
            words.count > 1 ? words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1] : words[0]
        report(.badValue, "\(what) has to be \(list), not '\(name.prefix(40))'", at: node, help: help)
        return nil
    }

    /// A number of bytes: `16MB`, `64KB`, `512`.
    func size(_ node: SourceNode, _ what: String, from minimum: Int, through maximum: Int) -> Int? {
        guard let scalar = node.scalar, let size = Amounts.size(scalar.text) else {
            let help = "write a whole number and its unit: 512, 64KB, 16MB, or 64KiB for 65536"
            report(.badValue, "\(what) has to be a number of bytes\(Self.instead(node))", at: node, help: help)
            return nil
        }
        guard (minimum...maximum).contains(size) else {
            let bounds = "\(Amounts.text(ofSize: minimum)) to \(Amounts.text(ofSize: maximum))"
            report(.badValue, "\(what) has to be from \(bounds), not '\(scalar.text.prefix(40))'", at: node)
            return nil
        }
        return size
    }

    func integer(_ node: SourceNode, _ what: String, from minimum: Int, through maximum: Int? = nil) -> Int? {
        if let scalar = node.scalar, scalar.style == .plain, case .number(let text) = CoreScalar(scalar.text),
            let integer = Int(text), integer >= minimum, integer <= maximum ?? 1_000_000_000
        {
            return integer
        }
        let bound = maximum.map { " to \($0)" } ?? ""
        report(.badValue, "\(what) has to be a whole number from \(minimum)\(bound)\(Self.instead(node))", at: node)
        return nil
    }

    func number(_ node: SourceNode, _ what: String, from minimum: Int, through maximum: Int) -> Double? {
        if let scalar = node.scalar, scalar.style == .plain, case .number(let text) = CoreScalar(scalar.text),
            let number = Double(text), (Double(minimum)...Double(maximum)).contains(number)
        {
            return number
        }
        let message = "\(what) has to be a number from \(minimum) to \(maximum)\(Self.instead(node))"
        report(.badValue, message, at: node)
        return nil
    }

    /// `80%`, as a part of 1.
    func share(_ node: SourceNode, _ what: String) -> Double? {
        if let scalar = node.scalar, let share = Amounts.share(scalar.text) { return share }
        let message = "\(what) has to be a part of the clients, from above 0% to 100%\(Self.instead(node))"
        report(.badValue, message, at: node, help: "write a number and '%': 80%")
        return nil
    }

    /// `2KB/s`, in bytes per second.
    func byteRate(_ node: SourceNode, _ what: String) -> Int? {
        if let scalar = node.scalar, let rate = Amounts.byteRate(scalar.text) { return rate }
        let help = "write a size and '/s': 512/s, 2KB/s, 64KiB/s"
        report(.badValue, "\(what) has to be a number of bytes per second\(Self.instead(node))", at: node, help: help)
        return nil
    }

    /// The words of a command.
    func command(_ node: SourceNode, _ what: String) -> [String]? {
        guard name(node, what) != nil, let scalar = node.scalar else { return nil }
        do throws(TextProblem) {
            return try CommandWords.split(scalar.text)
        } catch {
            report(error, in: scalar)
            return nil
        }
    }

    /// A name that is written out, without templates.
    func name(_ node: SourceNode, _ what: String) -> String? {
        guard let scalar = node.scalar, !node.isNull, !scalar.text.isEmpty else {
            report(.wrongType, "\(what) has to be a name, not \(node.kind)", at: node)
            return nil
        }
        guard !scalar.text.contains("${") else {
            report(.badTemplate, "\(what) is fixed; a template cannot stand in it", at: node)
            return nil
        }
        return scalar.text
    }

    private static func instead(_ node: SourceNode) -> String {
        node.scalar.map { $0.text.isEmpty ? ", not nothing" : ", not '\($0.text.prefix(40))'" } ?? ", not \(node.kind)"
    }
}

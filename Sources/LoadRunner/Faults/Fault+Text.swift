import Metrics
import Scenarios

extension Fault {
    /// What it is, in words: `drop 80 % of visitor: reset`.
    func text(groups: [String]) -> String {
        switch action {
        case .drop(let kind): "drop \(selection.text(groups)): \(kind.rawValue)"
        case .stall(let stall):
            "stall \(selection.text(groups)) for \(Self.text(stall.duration))"
                + (stall.rate.map { ": \(ValueText.bytes(Double($0)))/s" } ?? "")
        case .run(let words): "run \(Self.commandLine(words))"
        }
    }

    /// The words as a shell takes them.
    static func commandLine(_ words: [String]) -> String {
        words.map { word in
            let isPlain = !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || "_-./:=,@%+".contains($0) }
            return isPlain ? word : "'\(word.replacing("'", with: #"'\''"#))'"
        }
        .joined(separator: " ")
    }

    var kind: FaultMark.Kind {
        switch action {
        case .drop: .drop
        case .stall: .stall
        case .run: .run
        }
    }

    private static func text(_ duration: Duration) -> String {
        ValueText.time(microseconds: duration / .microseconds(1))
    }
}

extension Fault.Selection {
    fileprivate func text(_ groups: [String]) -> String {
        let whose = group.flatMap { groups.indices.contains($0) ? groups[$0] : nil } ?? "all"
        return "\(ValueText.percent(share)) of \(whose)" + (room.map { " in \($0)" } ?? "")
    }
}

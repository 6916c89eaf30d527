import ArgumentParser
import Metrics

/// A part of a whole as a person writes it: `5%`, `5 %`, `5`, all of which are five hundredths.
struct PercentArgument: ExpressibleByArgument, CustomStringConvertible {
    let part: Double

    init(part: Double) { self.part = part }

    init?(argument: String) {
        let number = argument.hasSuffix("%") ? argument.dropLast() : argument[...]
        guard let percent = Double(number.filter { $0 != " " }), percent.isFinite else { return nil }
        part = percent / 100
    }

    var description: String { ValueText.percent(part).filter { $0 != " " } }

    var defaultValueDescription: String { description }
}

import ArgumentParser

/// A duration on the command line, as in a scenario: `500ms`, `30s`, `2m`, `1h`.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        guard let (suffix, factor) = units.first(where: { argument.hasSuffix($0.0) }),
            let number = Double(argument.dropLast(suffix.count)), number > 0, number.isFinite,
            number * factor <= 1_000_000
        else { return nil }
        duration = .nanoseconds(Int64((number * factor * 1e9).rounded()))
    }
}

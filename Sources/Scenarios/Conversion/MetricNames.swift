/// Names of metrics that were given: times share theirs, others may not have them.
struct MetricNames {
    enum Kind: Hashable {
        case time, counter, stream, plan
    }

    private var kinds: [String: Kind] = [:]

    /// The name, or one like it where it means something else.
    mutating func claim(_ name: String, _ kind: Kind) -> String {
        var result = name
        var number = 2
        while let other = kinds[result], other != kind {
            result = "\(name)_\(number)"
            number += 1
        }
        kinds[result] = kind
        return result
    }
}

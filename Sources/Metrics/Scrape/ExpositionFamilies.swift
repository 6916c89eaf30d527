/// The families of one text, by name.
struct ExpositionFamilies {
    private var types: [String: ExpositionType] = [:]

    mutating func add(_ name: String, _ type: ExpositionType) {
        types[name] = type
    }

    /// What a line with this name is.
    ///
    /// The text format names a counter's family as its line is named, OpenMetrics without the `_total`; both are understood.
    func role(of name: String) -> ExpositionRole {
        if name.hasSuffix("_created"), isFamilyWithCreation(String(name.dropLast("_created".count))) {
            return .constant
        }
        if let type = types[name] { return Self.role(type) }
        for (suffix, roles) in Self.suffixes where name.hasSuffix(suffix) {
            guard let type = types[String(name.dropLast(suffix.count))] else { continue }
            if let role = roles[type] { return role }
        }
        return name.hasSuffix("_total") ? .counter : .gauge
    }

    private func isFamilyWithCreation(_ name: String) -> Bool {
        switch types[name] ?? types["\(name)_total"] {
        case .counter, .histogram, .summary, .gaugeHistogram: true
        default: false
        }
    }

    private static func role(_ type: ExpositionType) -> ExpositionRole {
        switch type {
        case .counter: .counter
        case .info: .constant
        default: .gauge
        }
    }

    private static let suffixes: [(String, [ExpositionType: ExpositionRole])] = [
        ("_total", [.counter: .counter]),
        ("_bucket", [.histogram: .bucket, .gaugeHistogram: .bucket]),
        ("_count", [.histogram: .count, .summary: .count]),
        ("_sum", [.histogram: .sum, .summary: .sum]),
        ("_info", [.info: .constant]),
        ("_gcount", [.gaugeHistogram: .gauge]),
        ("_gsum", [.gaugeHistogram: .gauge]),
    ]
}

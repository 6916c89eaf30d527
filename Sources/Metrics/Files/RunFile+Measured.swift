extension RunFile {
    /// The names of all that a run measures, in the order of its files; events and errors of other names come as they do.
    package struct Measured: Codable, Sendable {
        /// A distribution.
        package struct Metric: Codable, Sendable {
            package var name: String
            /// `ms`, `count` or `bytes`.
            package var unit: String
        }

        package var metrics: [Metric]
        package var counters: [String]
        /// Those of which there are `NAME.count`, `NAME.failed` and `NAME.failed.rate`.
        package var operations: [String]
    }
}

extension RunFile.Measured {
    package init(_ table: MetricTable) {
        metrics = table.register.rows.map { Metric(name: $0.name, unit: $0.unit.rawValue) }
        counters = table.register.counterNames
        operations = table.register.operationNames
    }
}

extension RunFile {
    /// The place of the phase in which a time of the run lies; the number of phases for the grace after them.
    ///
    /// - Parameter seconds: Since second 0; half a millisecond before a phase's begin is in it, since files round to one.
    func phase(at seconds: Double) -> Int {
        var begin = 0.0
        for (place, phase) in load.enumerated() {
            begin += phase.seconds
            if seconds + 0.0006 < begin { return place }
        }
        return load.count
    }

    /// Whether a time of the run lies in the warmup.
    func isWarmup(at seconds: Double) -> Bool { seconds + 0.0006 < warmupSeconds }

    /// The times at which a phase or the warmup ends, in order.
    var borders: [Double] {
        var end = 0.0
        let ends = load.map { phase in
            end += phase.seconds
            return end
        }
        return (ends + [warmupSeconds]).sorted()
    }
}

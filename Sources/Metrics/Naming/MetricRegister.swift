/// The names of rows and counters, each once, in the order in which they were registered.
struct MetricRegister: Sendable {
    /// One distribution per group.
    struct Row: Sendable {
        var name: String
        var unit: MetricUnit
    }

    private(set) var rows: [Row] = []
    private(set) var counterNames: [String] = []
    /// The names of the operations, in order.
    private(set) var operationNames: [String] = []
    private var rowByName: [String: Int] = [:]
    private var counterByName: [String: Int] = [:]
    private var operationByName: [String: OperationMetric] = [:]

    func row(named name: String) -> Int? { rowByName[name] }
    func counter(named name: String) -> Int? { counterByName[name] }

    mutating func time(_ name: String) -> TimeMetric {
        TimeMetric(row: row(name, unit: .milliseconds))
    }

    mutating func latency(_ name: String) -> LatencyMetric {
        LatencyMetric(scheduled: time(name), service: time("\(name).service"))
    }

    mutating func size(_ name: String, unit: MetricUnit) -> SizeMetric {
        SizeMetric(row: row(name, unit: unit))
    }

    mutating func counter(_ name: String) -> CounterMetric {
        if let known = counterByName[name] { return CounterMetric(index: known) }
        counterNames.append(name)
        counterByName[name] = counterNames.count - 1
        return CounterMetric(index: counterNames.count - 1)
    }

    mutating func operation(_ name: String, latency: Bool) -> OperationMetric {
        if let known = operationByName[name], known.latency != nil || !latency { return known }
        let metric = OperationMetric(
            latency: latency ? self.latency(name) : nil,
            count: counter("\(name).count"),
            failed: counter("\(name).failed")
        )
        if operationByName[name] == nil { operationNames.append(name) }
        operationByName[name] = metric
        return metric
    }

    private mutating func row(_ name: String, unit: MetricUnit) -> Int {
        if let known = rowByName[name] { return known }
        rows.append(Row(name: name, unit: unit))
        rowByName[name] = rows.count - 1
        return rows.count - 1
    }
}

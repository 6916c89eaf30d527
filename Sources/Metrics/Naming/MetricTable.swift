/// Which metrics a run has: names on one side, places in flat arrays on the other.
///
/// It is built once, before the run, from the scenario; then every worker's recorder and the collector read the same
/// value. Asking for a name again gives the same metric.
package struct MetricTable: Sendable {
    /// The scenario's groups, in its order; `all` is none of them, it is their sum.
    package let groups: [String]
    package let fixed: FixedMetrics
    /// The events that have a counter `received.EVENT` from the start, in the order of their indices.
    package let events: [String]
    private(set) var register = MetricRegister()
    /// The counter of each event.
    let eventCounters: [CounterMetric]
    /// Per stream, the counters of its own in the order of `StreamCount`.
    private(set) var streamCounters: [[CounterMetric]] = []
    /// Per plan, the counters of its own in the order of `PlanOutcome`.
    ///
    /// `PLAN.failed` is the counter of the operation: where an outcome is a failed step, it is counted as such, once.
    private(set) var planCounters: [[CounterMetric]] = []
    private var streams: [String: StreamMetrics] = [:]
    private var plans: [String: PlanMetrics] = [:]
    private var userCounters: Set<String> = []

    /// Of a replay; nil: there is none.
    package private(set) var replay: ReplayMetrics?

    /// How many counters of the user's own there can be; further ones count as `other`.
    package static let userCounterLimit = 100

    /// - Parameters:
    ///   - groups: the scenario's groups; an empty list stands for one group `all`.
    ///   - events: the events that the scenario mentions; `received(event:group:)` takes their indices.
    package init(groups: [String], events: [String] = []) {
        self.groups = groups.isEmpty ? ["all"] : groups
        self.events = events
        fixed = FixedMetrics(registeringIn: &register)
        var counters: [CounterMetric] = []
        for event in events { counters.append(register.counter("received.\(event)")) }
        eventCounters = counters
    }

    /// The table of a run as its run.json tells of it: the same names in the same order, for reading only.
    init(_ measured: RunFile.Measured, groups: [String]) {
        self.init(groups: groups)
        for metric in measured.metrics {
            let unit = MetricUnit(rawValue: metric.unit) ?? .count
            if unit == .milliseconds {
                _ = register.time(metric.name)
            } else {
                _ = register.size(metric.name, unit: unit)
            }
        }
        for name in measured.counters { _ = register.counter(name) }
        for name in measured.operations { _ = register.operation(name, latency: false) }
    }

    /// The group under which a client of this one records while a fault is at it.
    ///
    /// Its figures are counted with the group's, and are left out where calm time and faults are compared.
    package func afflicted(_ group: Int) -> Int { group + groups.count }

    /// A metric of times that has no cause to be scheduled: gaps, parts of a connect.
    package mutating func time(_ name: String) -> TimeMetric { register.time(name) }

    /// A latency: the row `name` from the scheduled time of the cause, `name.service` from the actual send.
    package mutating func latency(_ name: String) -> LatencyMetric { register.latency(name) }

    /// A metric of plain numbers or of bytes.
    package mutating func size(_ name: String, unit: MetricUnit = .count) -> SizeMetric {
        register.size(name, unit: unit)
    }

    package mutating func counter(_ name: String) -> CounterMetric { register.counter(name) }

    /// A counter of the scenario's own; beyond the hundredth they are one, `other`.
    package mutating func userCounter(_ name: String) -> CounterMetric {
        if !userCounters.contains(name) {
            guard userCounters.count < Self.userCounterLimit else { return register.counter("other") }
            userCounters.insert(name)
        }
        return register.counter(name)
    }

    /// An operation: `name.count`, `name.failed`, both added to `operations` and `operations.failed`, and where
    /// `latency` is set the rows `name` and `name.service`.
    package mutating func operation(_ name: String, latency: Bool) -> OperationMetric {
        register.operation(name, latency: latency)
    }

    /// All that a replay measures.
    ///
    /// - Parameter events: What the server does: how often in the recording, and how long after its causes, in microseconds.
    package mutating func replay(events: [(name: String, count: Int, recorded: [Int64])]) -> ReplayMetrics {
        if let replay { return replay }
        var metrics = ReplayMetrics(registeringIn: &register)
        for event in events {
            metrics.add(event.name, count: event.count, recorded: event.recorded, to: &register)
        }
        replay = metrics
        return metrics
    }

    /// All that a `stream:` step measures.
    package mutating func stream(_ name: String) -> StreamMetrics {
        if let known = streams[name] { return known }
        let metrics = StreamMetrics(
            operation: register.operation(name, latency: false),
            firstChunk: register.latency("\(name).first_chunk"),
            gap: register.time("\(name).gap"),
            duration: register.latency("\(name).duration"),
            chunks: register.size("\(name).chunks", unit: .count),
            index: streamCounters.count
        )
        streamCounters.append(StreamCount.allCases.map { register.counter("\(name).\($0.name)") })
        streams[name] = metrics
        return metrics
    }

    /// All that a `plan:` step measures.
    package mutating func plan(_ name: String) -> PlanMetrics {
        if let known = plans[name] { return known }
        let metrics = PlanMetrics(
            operation: register.operation(name, latency: false),
            roundTrip: register.latency("\(name).round_trip"),
            duration: register.latency("\(name).duration"),
            plans: register.size("\(name).plans", unit: .count),
            index: planCounters.count
        )
        planCounters.append(PlanOutcome.allCases.map { register.counter("\(name).\($0.name)") })
        plans[name] = metrics
        return metrics
    }
}

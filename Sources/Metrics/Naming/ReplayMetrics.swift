/// In what way a replay went otherwise than its recording.
package enum Deviation: Int, CaseIterable, Sendable {
    /// Came in the recording, and not now.
    case missing
    /// Came now, and not in the recording.
    case extra
    /// Came behind something that the recording has behind it.
    case reordered
    /// Came later after its cause than in the recording.
    case slower
    /// The client did something although what it follows upon had not come.
    case unprompted
    /// The client could not do something: its connection was gone, or what it was to acknowledge had not come.
    case unsent

    package var name: String { "\(self)" }

    package var meaning: String {
        switch self {
        case .missing: "what the recording has and the server did not do"
        case .extra: "what the server did and the recording has not"
        case .reordered: "what came behind something that it is before in the recording"
        case .slower: "what took longer after its cause than in the recording"
        case .unprompted: "what the client did although what it follows upon had not come"
        case .unsent:
            "what the client could not do, for its connection was gone or there was nothing to acknowledge"
        }
    }

    /// Whether it is about what the server does.
    package var isServers: Bool { self != .unprompted && self != .unsent }
}

/// What a replay is compared with, and counted as.
package struct ReplayMetrics: Sendable {
    /// One kind of what the server does.
    package struct Event: Sendable {
        package let name: String
        package let operation: OperationMetric
        /// In the order of `Deviation`, those of the server's.
        package let counters: [CounterMetric]
        /// How often in the recording.
        package let recordedCount: Int
        /// From their causes, in microseconds, sorted; not all of them have one.
        package let recorded: [Int64]

        /// In microseconds; nil where there are none.
        package func recordedPercentile(_ percentile: Double) -> Int64? {
            guard !recorded.isEmpty else { return nil }
            let place = (percentile / 100 * Double(recorded.count)).rounded(.up)
            return recorded[min(max(Int(place) - 1, 0), recorded.count - 1)]
        }
    }

    package private(set) var events: [Event] = []
    /// In the order of `Deviation`.
    package let counters: [CounterMetric]
    /// All of them together.
    package let deviations: CounterMetric

    init(registeringIn register: inout MetricRegister) {
        var counters: [CounterMetric] = []
        for deviation in Deviation.allCases { counters.append(register.counter("replay.\(deviation.name)")) }
        self.counters = counters
        deviations = register.counter("replay.deviations")
    }

    mutating func add(_ name: String, count: Int, recorded: [Int64], to register: inout MetricRegister) {
        let operation = register.operation(name, latency: true)
        var counters: [CounterMetric] = []
        for deviation in Deviation.allCases where deviation.isServers {
            counters.append(register.counter("\(name).\(deviation.name)"))
        }
        events.append(
            Event(
                name: name,
                operation: operation,
                counters: counters,
                recordedCount: count,
                recorded: recorded.sorted()
            )
        )
    }
}

extension Recorder {
    /// Counts a deviation, over all and for what it is about.
    package func add(_ deviation: Deviation, of event: ReplayMetrics.Event?, group: Int, _ number: Int = 1) {
        guard let metrics = table.replay, number > 0 else { return }
        add(metrics.counters[deviation.rawValue], group: group, number)
        add(metrics.deviations, group: group, number)
        if let event, deviation.isServers { add(event.counters[deviation.rawValue], group: group, number) }
    }
}

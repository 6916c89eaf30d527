/// Every metric that a run can have by itself, with what it means.
///
/// Names that a scenario gives (measures, streams, plans, counters of its own) come on top: `MetricNames` knows both.
package enum Catalogue {
    /// One metric, or one suffix of a named operation, stream or plan.
    package struct Entry: Hashable, Sendable {
        package let name: String
        package let kind: MetricKind
        /// One line.
        package let meaning: String
        /// Whether it can be read for one group or phase only.
        package let isDivisible: Bool

        init(_ name: String, _ kind: MetricKind, _ meaning: String, isDivisible: Bool = true) {
            self.name = name
            self.kind = kind
            self.meaning = meaning
            self.isDivisible = isDivisible
        }
    }

    /// The metrics whose names are fixed.
    package static let fixed: [Entry] =
        times + sizes + counts + deviations + ratios + streamTotals + planTotals + generator

    /// What every operation has after its name.
    package static let operation: [Entry] = [
        Entry("count", .count, "how often it was done"),
        Entry("failed", .count, "how often in vain"),
        Entry("failed.rate", .ratio, "failed of all"),
    ]

    /// What every stream has after its name.
    package static let stream: [Entry] =
        [
            Entry("first_chunk", .time, "from the cause to the first chunk with content"),
            Entry("first_chunk.service", .time, "the same from the actual send"),
            Entry("gap", .time, "from one chunk to the next"),
            Entry("duration", .time, "from the cause to the end of the reply"),
            Entry("duration.service", .time, "the same from the actual send"),
            Entry("chunks", .size, "chunks of one reply"),
        ]
        + StreamCount.allCases.map { Entry($0.name, .count, $0.meaning) }

    /// What every plan has after its name.
    package static let plan: [Entry] =
        [
            Entry("round_trip", .time, "from the last send of a reply to the next plan"),
            Entry("round_trip.service", .time, "the same from the actual send"),
            Entry("duration", .time, "from the cause to the end of the task"),
            Entry("duration.service", .time, "the same from the actual send"),
            Entry("plans", .size, "plans of one task"),
        ]
        + PlanOutcome.allCases.map { Entry($0.name, .count, $0.meaning) }

    /// What everything that the server does in a replay has after its name, beside what every operation has.
    package static let replayed: [Entry] = Deviation.allCases.filter(\.isServers).map {
        Entry($0.name, .count, $0.meaning)
    }

    /// The kinds of errors, without the patterns of `errorPatterns`.
    package static let errorKinds = [
        "refused", "timeout", "reset", "connect_error", "server_disconnect", "heartbeat", "protocol", "too_large",
        "tls", "dns", "expect", "script", "other",
    ]

    /// The kinds of errors that end in a number or a name of their own.
    package static let errorPatterns = ["closed.", "upgrade.", "http.", "generator."]
}

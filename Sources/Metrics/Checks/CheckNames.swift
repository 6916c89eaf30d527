/// The names that checks of one scenario can use, besides those of the catalogue.
package struct CheckNames: Sendable {
    package var groups: [String]
    /// The names of the phases that have one.
    package var phases: [String]
    /// Operations with a latency: the names given by `measure:`, and `ack.EVENT` for acks without one.
    package var measures: [String]
    package var streams: [String]
    package var plans: [String]
    /// The counters of the user's own, from `count:` steps.
    package var counters: [String]
    /// The events that the scenario mentions; a check may ask for others too.
    package var events: [String]
    /// What a replay reports the server's doings as.
    package var replayed: [String]

    package init(
        groups: [String] = [],
        phases: [String] = [],
        measures: [String] = [],
        streams: [String] = [],
        plans: [String] = [],
        counters: [String] = [],
        events: [String] = [],
        replayed: [String] = []
    ) {
        self.groups = groups
        self.phases = phases
        self.measures = measures
        self.streams = streams
        self.plans = plans
        self.counters = counters
        self.events = events
        self.replayed = replayed
    }
}

/// How many clients there are, and when they start.
package struct Load: Hashable, Sendable {
    package var phases: [Phase]

    package init(phases: [Phase]) {
        self.phases = phases
    }

    /// One stretch of the run.
    package struct Phase: Hashable, Sendable {
        package var name: String?
        package var duration: Duration
        package var model: Model

        package init(name: String? = nil, duration: Duration, model: Model) {
            self.name = name
            self.duration = duration
            self.model = model
        }
    }

    /// Who decides when a client starts.
    package enum Model: Hashable, Sendable {
        /// Closed: so many at once, linearly from one number to the other.
        case clients(from: Int, to: Int)
        /// Open: so many new ones per second, linearly from one rate to the other.
        case arrivals(from: Double, to: Double, limit: Int?)
    }
}

/// A delay that is drawn evenly between two bounds.
package struct DelayRange: Hashable, Sendable {
    package var lower: Duration
    package var upper: Duration

    package init(lower: Duration, upper: Duration) {
        self.lower = lower
        self.upper = upper
    }
}

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
        /// Nobody takes the place of a client that comes to its end (closed model).
        package var once: Bool
        /// How the gaps between arrivals are drawn (open model).
        package var spacing: Spacing

        package init(
            name: String? = nil,
            duration: Duration,
            model: Model,
            once: Bool = false,
            spacing: Spacing = .even
        ) {
            self.name = name
            self.duration = duration
            self.model = model
            self.once = once
            self.spacing = spacing
        }
    }

    /// How arrivals are spread in time.
    package enum Spacing: String, Hashable, Sendable, CaseIterable {
        /// Each when the integral of the rate says so.
        case even
        /// As a Poisson process of that rate, drawn from the seed.
        case poisson
    }

    /// Who decides when a client starts.
    package enum Model: Hashable, Sendable {
        /// Closed: so many at once, linearly from one number to the other.
        case clients(from: Int, to: Int)
        /// Open: so many new ones per second, linearly from one rate to the other.
        case arrivals(from: Double, to: Double, limit: Int?)
    }
}

/// How long a client thinks.
package enum Delay: Hashable, Sendable {
    /// Drawn evenly between two bounds.
    case range(DelayRange)
    /// Drawn from an exponential distribution with this mean; at most ten times as long.
    case exponential(mean: Duration)
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

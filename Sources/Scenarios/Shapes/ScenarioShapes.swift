/// A scenario file.
enum ScenarioKey: String, MapShape {
    case name, description, target, vars, feeds, load, grace, warmup, reconnect, think, on, onFailure, clients, flow
    case checks

    static let planned = ["rooms", "rejoin", "faults"]
}

/// A group of clients.
enum GroupKey: String, MapShape {
    case share, target, vars, think, on, flow, reconnect, onFailure

    static let planned = ["rejoin"]
}

/// A data file with rows for clients.
enum FeedKey: String, MapShape {
    case file, order
}

/// A phase of the load.
enum PhaseKey: String, MapShape {
    case `for`, clients, arrivals, limit, name, once, spacing
}

/// A check with options.
enum CheckKey: String, MapShape {
    case check, abort, after, optional
}

/// A delay that is drawn from a distribution.
enum DistributionKey: String, MapShape {
    case mean, distribution
}

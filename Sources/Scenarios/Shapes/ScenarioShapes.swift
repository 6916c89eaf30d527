/// A scenario file.
enum ScenarioKey: String, MapShape {
    case name, description, target, vars, feeds, rooms, load, grace, warmup, reconnect, rejoin, faults, think, on
    case onFailure, clients, flow, checks

    static let summary = "A scenario: the target, how many clients, what each does, what must hold."
    static let alternatives = [clients, flow]

    var field: Field {
        switch self {
        case .name:
            Field(
                .name,
                "The scenario's name, part of the results folder's: letters, digits, '-' and '_'. The file's name unless said.",
                "shop"
            )
        case .description: Field(.text, "What the scenario is about, for people.", "Visitors of a shop.")
        case .target:
            Field(.map(TargetKey.self), .dependent, "Where clients connect, and how. Groups may override parts of it.")
        case .vars: .variables
        case .feeds:
            Field(
                .named(.plain, .map(FeedKey.self)),
                "Data files by name. Every client gets one row of each, for its whole life: ${feed.NAME.COLUMN}.",
                "{ products: { file: data/products.csv } }"
            )
        case .rooms:
            Field(.map(RoomsKey.self), "Rooms that the clients are spread over: ${room.id}, ${room.index}.")
        case .load:
            Field(
                .list(.map(PhaseKey.self)),
                .required,
                "The phases of the load, one after the other.",
                "[ { for: 30s, clients: 100 } ]"
            )
        case .grace: Field(.duration, "How long flows may go on after the last phase; 10s unless said.")
        case .warmup: Field(.duration, "Left out of figures and checks, from the start of the run.", "500ms")
        case .reconnect: .reconnect
        case .rejoin: .rejoin
        case .faults:
            Field(
                .list(.map(FaultKey.self)),
                "What happens to clients on the run's clock: cuts, stalls, commands outside.",
                "[ { at: 500ms, drop: 80% } ]"
            )
        case .think: .think
        case .on: .handlers
        case .onFailure: .onFailure
        case .clients:
            Field(.named(.plain, .map(GroupKey.self)), "Groups of clients by name.", "{ visitor: { flow: connect } }")
        case .flow: Field(.steps, "What every client does, where there is one group.")
        case .checks:
            Field(
                .list(.either([.text, .map(CheckKey.self)])),
                "What must hold: [group/][phase:]METRIC[.STATISTIC] OP VALUE.",
                "[ errors.rate < 1% ]",
                "[ { check: errors.rate < 1%, optional: true } ]"
            )
        }
    }
}

/// A group of clients.
enum GroupKey: String, MapShape {
    case share, target, vars, think, on, flow, reconnect, rejoin, onFailure

    static let summary = "Clients that do the same."

    var field: Field {
        switch self {
        case .share:
            Field(
                .integer(from: 1, through: 1000),
                "How many of the sum of all shares are of this group; 1 unless said."
            )
        case .target:
            Field(.map(TargetKey.self), "What differs from the target at the top; the group wins.", "{ timeout: 5s }")
        case .vars: .variables
        case .think: .think
        case .on: .handlers
        case .flow: Field(.steps, .dependent, "What each of its clients does, from top to bottom.")
        case .reconnect: .reconnect
        case .rejoin: .rejoin
        case .onFailure: .onFailure
        }
    }
}

extension Field {
    fileprivate static let variables = Field(
        .named(.variable, .json),
        "Variables, set once per client, in order; ${name} reads them.",
        "{ session: \"${uuid()}\", n: 1 }"
    )
    fileprivate static let think = Field(.delay, "A wait before each send of the flow.")
    fileprivate static let handlers = Field(
        .named(.any, .steps),
        "What to do with events that the running step does not take; steps that never wait.",
        "{ message: { set: { seen: true } } }",
        "{ closed: [ { set: { seen: true } } ] }"
    )
    static let onFailure = Field(
        .word(FailurePolicy.allCases.map(\.rawValue)),
        "What becomes of a client whose step failed: it leaves and is replaced, goes on, or the run ends."
    )
}

/// `rooms`
enum RoomsKey: String, MapShape {
    case count, assign

    static let summary = "Rooms that the clients are spread over."

    var field: Field {
        switch self {
        case .count: Field(.integer(from: 1, through: 100_000), .required, "How many there are.")
        case .assign:
            Field(
                .word(Rooms.Assignment.allCases.map(\.rawValue)),
                "How a client gets its room: one after the other (unless said), at random, or the n-th 1/n as often as the first."
            )
        }
    }
}

/// A data file with rows for clients.
enum FeedKey: String, MapShape {
    case file, order

    static let summary = "A data file with a row for each client."

    var field: Field {
        switch self {
        case .file:
            Field(
                .file,
                .required,
                "The file, below the scenario's folder: .csv with a header, .json with an array of objects, or .jsonl."
            )
        case .order:
            Field(
                .word(Feed.Order.allCases.map(\.rawValue)),
                "Row by row and again from the first, the same shuffled, or each row for one client only."
            )
        }
    }
}

/// A phase of the load.
enum PhaseKey: String, MapShape {
    case `for`, clients, arrivals, limit, name, once, spacing

    static let summary = "A phase of the load. Without 'clients' and 'arrivals' it holds what the one before had."

    var field: Field {
        switch self {
        case .for: Field(.duration, .required, "How long it lasts.")
        case .clients:
            Field(
                .integer(from: 0, through: nil),
                "How many clients there are at its end, linearly from those before.",
                "100"
            )
        case .arrivals: Field(.rate, "New clients per second, whatever the server does.")
        case .limit:
            Field(.integer(from: 1, through: nil), "The most arriving clients at once; the others are counted.")
        case .name: Field(.identifier, "A name, by which checks can mean this phase.", "steady")
        case .once: Field(.flag, "Nobody takes the place of a client that comes to its end.")
        case .spacing:
            Field(.word(Load.Spacing.allCases.map(\.rawValue)), "Whether arrivals are even or drawn at random.")
        }
    }
}

/// A check with options.
enum CheckKey: String, MapShape {
    case check, abort, after, optional

    static let summary = "A check with options."

    var field: Field {
        switch self {
        case .check: Field(.text, .required, "[group/][phase:]METRIC[.STATISTIC] OP VALUE", "errors.rate < 1%")
        case .abort: Field(.flag, "End the run as soon as it fails.")
        case .after: Field(.duration, "Abort only after this long.")
        case .optional: Field(.flag, "Without data it passes.")
        }
    }
}

/// A delay that is drawn from a distribution.
enum DistributionKey: String, MapShape {
    case mean, distribution

    static let summary = "A delay that is drawn from a distribution, and at most ten times its mean."

    var field: Field {
        switch self {
        case .mean: Field(.duration, .required, "How long it is on average.")
        case .distribution: Field(.word(["exponential"]), .required, "How it is spread.")
        }
    }
}

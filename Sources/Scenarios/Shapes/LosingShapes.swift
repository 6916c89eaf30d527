/// `reconnect` by numbers
enum ReconnectKey: String, MapShape {
    case delay, factor, cap, jitter, attempts, initial, ignore, afterRefusal

    static let summary = "When a client tries again, and when it gives up."

    var field: Field {
        switch self {
        case .delay: Field(.duration, .dependent, "How long after the loss the first attempt is.")
        case .factor:
            Field(
                .number(from: 1, through: 1000),
                "How many times as long each delay is as the one before; 2 unless said."
            )
        case .cap:
            Field(
                .duration,
                "The longest delay; \(ReconnectReader.unsaidCap.scenarioText) unless said, and never less than 'delay'.",
                "10s"
            )
        case .jitter:
            Field(
                .number(from: 0, through: 1),
                "The part of a delay by which it is at random longer or shorter, before it is cut at 'cap'; 0 unless said."
            )
        case .attempts:
            Field(.integer(from: 1, through: nil), "After so many it gives up; it never does unless said.", "5")
        case .initial: Field(.flag, "The first connect of a flow is tried again too.")
        case .ignore:
            Field(
                .either([Self.closeCode, .list(Self.closeCode)]),
                "Close codes after which nothing is tried.",
                "1000",
                "[ 1000, 4001 ]"
            )
        case .afterRefusal:
            Field(.flag, "It tries again too where the server turned it down (CONNECT_ERROR) or disconnected it.")
        }
    }

    private static let closeCode = ValueShape.integer(
        from: ReconnectReader.closeCodes.lowerBound,
        through: ReconnectReader.closeCodes.upperBound
    )
}

/// One of `faults`
enum FaultKey: String, MapShape {
    case at, drop, how, stall, `for`, rate, run, of, room

    static let summary = "What happens to clients, or outside, at a time of the run."
    static let alternatives = [drop, stall, run]

    var field: Field {
        switch self {
        case .at: Field(.duration, .required, "When, on the run's clock.", "500ms")
        case .drop: Field(.percent, "Cuts the connections of this part of the clients.")
        case .how: .how
        case .stall: Field(.percent, "This part of the clients stops reading, or reads slowly.")
        case .for: Field(.duration, .dependent, "How long they stall.")
        case .rate: .readingRate
        case .run:
            Field(
                .name,
                "A command, which runs only with --allow-run; split into words as a shell does, and run without one.",
                "./restart-server.sh --now",
                "\"sh -c 'kill -9 $(cat pid)'\""
            )
        case .of: Field(.name, "The group whose clients are meant; all unless said.", "visitor")
        case .room: Field(.name, "The room whose members are meant.", "lobby")
        }
    }

    /// The keys that it says more of; empty where it goes with any.
    var owners: [FaultKey] {
        switch self {
        case .at, .drop, .stall, .run: []
        case .how: [.drop]
        case .for, .rate: [.stall]
        case .of, .room: [.drop, .stall]
        }
    }
}

/// `drop`
enum DropKey: String, MapShape {
    case drop

    static let summary = "Cuts the client's own connection."

    var field: Field { .how.required }
}

/// `stall`
enum StallKey: String, MapShape {
    case stall

    static let summary = "Stops reading, or reads slowly, while the flow goes on."

    var field: Field {
        Field(
            .either([.duration, .map(SlowReadingKey.self)]),
            .required,
            "How long, and how many bytes it reads then."
        )
    }
}

/// How a client stalls.
enum SlowReadingKey: String, MapShape {
    case `for`, rate

    static let summary = "How long a client reads slowly, or not at all."

    var field: Field {
        switch self {
        case .for: Field(.duration, .required, "How long.")
        case .rate: .readingRate
        }
    }
}

extension Field {
    fileprivate static let how = Field(
        .word(DropKind.allCases.map(\.rawValue)),
        "With a TCP reset, as the protocol says, or without a word: the socket stays open and is silent."
    )
    fileprivate static let readingRate = Field(.byteRate, "How many bytes it reads a second; none unless said.")

    static let reconnect = Field(
        .either([.word(ReconnectWord.allCases.map(\.rawValue)), .map(ReconnectKey.self)]),
        "What a client does when its connection falls: nothing, what the official Socket.IO client does, or by numbers."
    )
    static let rejoin = Field(
        .steps,
        "Steps after a reconnect; when they are done, the client has recovered, and the flow goes on.",
        "{ emit: join }",
        "[ { emit: join }, { await: joined } ]"
    )
    static let onLoss = Field(
        .word(LossPolicy.allCases.map(\.rawValue)),
        "When the connection falls meanwhile: go on waiting, go back to the cause and send again, or fail."
    )
}

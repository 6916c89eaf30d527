/// `repeat`
enum RepeatKey: String, MapShape {
    case `repeat`, flow, every

    static let summary = "A loop; ${i} counts its rounds from 0."

    var field: Field {
        switch self {
        case .repeat:
            Field(
                .either([.integer(from: 1, through: nil), .word(["forever"]), .map(RoundsKey.self)]),
                .required,
                "How often: a number, forever, or a map that says when it ends."
            )
        case .flow:
            Field(.steps, .required, "The steps of a round.", "{ think: 1s }", "[ { think: 1s }, { emit: tick } ]")
        case .every: Field(.duration, "Rounds start on a fixed grid, this far apart.")
        }
    }
}

/// When a loop ends.
enum RoundsKey: String, MapShape {
    case `for`, until, each

    static let summary = "When a loop ends."
    static let alternatives = allCases
    static let isChoice = true

    var field: Field {
        switch self {
        case .for: Field(.duration, "It starts no further round after this long.")
        case .until: Field(.condition, "It ends after the round after which this holds.", "i >= 3")
        case .each: Field(.path, "Once for each element of this list, which is ${item}.", "event.items")
        }
    }
}

/// `when`
enum WhenKey: String, MapShape {
    case when, flow, `else`

    static let summary = "Runs one of two branches."

    var field: Field {
        switch self {
        case .when: Field(.condition, .required, "The condition.")
        case .flow: Field(.steps, .required, "What to do where it holds.")
        case .else: Field(.steps, "What to do where it does not.")
        }
    }
}

/// `choose`
enum ChooseKey: String, MapShape {
    case choose

    static let summary = "Runs one of several branches, drawn by weight."

    var field: Field { Field(.list(.map(BranchKey.self)), .required, "The branches.") }
}

/// One of several branches.
enum BranchKey: String, MapShape {
    case weight, flow

    static let summary = "One of several branches."

    var field: Field {
        switch self {
        case .weight: Field(.integer(from: 1, through: 1000), "How often, beside the other branches; 1 unless said.")
        case .flow: Field(.steps, .required, "Its steps.")
        }
    }
}

/// `set`
enum SetKey: String, MapShape {
    case set

    static let summary = "Sets variables."

    var field: Field {
        Field(.named(.variable, .json), .required, "Variables and their values.", "{ seen: true, id: \"${uuid()}\" }")
    }
}

/// `count`
enum CountKey: String, MapShape {
    case count

    static let summary = "Adds one to a counter of your own, for checks and reports."

    var field: Field { Field(.identifier, .required, "The counter's name.", "hits") }
}

/// `fail`
enum FailKey: String, MapShape {
    case fail, onFailure

    static let summary = "A failure of the client."

    var field: Field {
        switch self {
        case .fail: Field(.text, .required, "What is wrong.", "\"error ${event.message}\"")
        case .onFailure: .onFailure
        }
    }
}

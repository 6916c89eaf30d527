import NIOCore

/// A DSL command that is worked on.
struct PraxisCommand {
    let text: String
    /// The id of the message that brought it.
    let correlation: String?
    let startedAt: NIODeadline
    /// How many times progress is told.
    let stages: Int
    /// How many times it was.
    var told = 0

    /// Unless the fault `chunks` says otherwise.
    static let stages = 3

    static let names: [StaticString] = ["analyzing", "planning", "executing"]
    static let messages: [StaticString] = [
        "Processing DSL command...", "Matching agents and tools...", "Executing the plan...",
    ]

    /// The last stage may take several messages.
    var stage: Int { min(told, Self.names.count - 1) }
}

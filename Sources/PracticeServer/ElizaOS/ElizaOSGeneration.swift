/// Which ElizaOS a dialect speaks: a type without values, so that each generation is a dialect of its own.
protocol ElizaOSGeneration: SendableMetatype {
    static var rules: ElizaOSRules { get }
}

/// ElizaOS as its document describes it.
enum ElizaOSDocument: ElizaOSGeneration {
    static let rules = ElizaOSRules(
        system: "elizaos",
        joinType: 0,
        sendType: 1,
        serverKey: "serverId",
        isCurrent: false,
        messageRate: 10
    )
}

/// ElizaOS as its sources show it today.
///
/// Source: elizaOS/eliza, packages/server/src/socketio/index.ts.
enum ElizaOSCurrent: ElizaOSGeneration {
    static let rules = ElizaOSRules(
        system: "elizaos-current",
        joinType: 1,
        sendType: 2,
        serverKey: "messageServerId",
        isCurrent: true,
        messageRate: nil
    )
}

/// What differs between the generations.
struct ElizaOSRules: Sendable {
    let system: String
    /// The type of `message`, and the name of the event, that joins a channel.
    let joinType: Int
    /// The type of `message`, and the name of the event, that sends a message.
    let sendType: Int
    /// What the server's id is called in payloads.
    let serverKey: StaticString
    /// Whether it refuses clients before they join the namespace, asks for an entity, streams its answers and sends
    /// the history of a channel to who joins it.
    let isCurrent: Bool
    /// How many messages a second a socket may send; nil where there is no limit.
    let messageRate: Int?
}

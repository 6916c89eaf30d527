/// What a scenario file says, read and checked: nothing in it can fail to make sense any more.
package struct Scenario: Sendable {
    package var name: String
    package var description: String?
    package var load: Load
    /// How long flows may go on after the last phase.
    package var grace: Duration
    /// Left out of figures and checks, from the start of the run.
    package var warmup: Duration
    package var groups: [ClientGroup]
    package var checks: [CheckText]
    /// The names of the events that some step or handler receives; an `EventID` is a place in this list. An event of
    /// another namespace than the target's stands there as the wire spells it: `/admin,news`.
    ///
    /// `closed` and `refused` are never the server's: they are what happened to the connection.
    package var events: [String]
    package var feeds: [Feed] = []
    package var rooms: Rooms?
    package var faults: [Fault] = []
    /// The user's own counters, from `count:` steps.
    package var counters: [String]
    /// The environment variables that the file reads.
    package var environment: [EnvironmentVariable]
    package var warnings: [Diagnostic]
    /// What clients play in place of flows; nil: they run their groups' flows.
    package var replay: ReplayScript?
}

/// The place of an event's name in `Scenario.events`.
package typealias EventID = Int

/// The place of a variable in `ClientValues.variables`.
package typealias VariableSlot = Int

/// An environment variable that a scenario reads; its value never appears in an output.
package struct EnvironmentVariable: Hashable, Sendable {
    package var name: String
    /// Nil where it is not set and the default applies.
    package var value: String?
}

/// A check as the file words it; its meaning belongs to the metrics.
package struct CheckText: Hashable, Sendable {
    package var text: String
    package var isOptional: Bool
    /// End the run as soon as it fails.
    package var aborts: Bool
    /// Aborts only after this long.
    package var after: Duration
}

/// Virtual clients that do the same.
package struct ClientGroup: Sendable {
    package var name: String
    /// How many of the sum of all shares are of this group.
    package var share: Int
    package var target: Target
    /// Evaluated once per client, in order.
    package var variables: [Assignment]
    /// How many slots `ClientValues.variables` has for a client of this group: variables, captures, loop counters.
    package var slotCount: Int
    /// Before each send of the flow that has no `think` of its own before it.
    package var think: Delay?
    /// What becomes of a client whose step failed, where the step does not say.
    package var onFailure: FailurePolicy
    package var handlers: [Handler]
    package var flow: [Step]
    /// A template or condition of this group reads `event.…` after the step that took the message.
    package var readsEvent: Bool
    /// A template or condition of this group reads `sent.…`.
    package var readsSent: Bool
    package var reconnect = Reconnect.none
    /// The steps after a reconnect; when they are done, the client has recovered.
    package var rejoin: [Step] = []
    /// A step of it joins or leaves a room, stamps a message or takes a delivery.
    package var usesRooms = false
    /// The namespaces that its steps and handlers use, the target's first; for Socket.IO only.
    package var namespaces: [String] = []
}

/// A variable and the template of its value.
package struct Assignment: Sendable {
    package var slot: VariableSlot
    package var name: String
    package var value: ValueTemplate
}

/// What to do when an event comes that the running step does not take.
package struct Handler: Sendable {
    package var event: EventID
    package var steps: [Step]
}

/// What happens to clients on the run's clock.
package struct Fault: Sendable {
    package enum Action: Sendable {
        case drop(DropKind)
        case stall(Stall)
        /// A command of the outside, which runs only with `--allow-run`; its words.
        case run([String])
    }

    /// Who it happens to.
    package struct Selection: Sendable {
        /// The part of those that are connected, from 0 to 1; drawn by the seed.
        package var share: Double
        /// The place of a group; nil: of all.
        package var group: Int?
        /// The room whose members alone are meant.
        package var room: String?
    }

    package var at: Duration
    package var action: Action
    /// Means nothing to `run`.
    package var selection: Selection
    package var place: SourcePlace
}

/// How a connection is cut.
package enum DropKind: String, Hashable, Sendable, CaseIterable {
    /// With a TCP reset.
    case reset
    /// As the protocol says.
    case close
    /// Without a word: the socket stays open and is silent in both directions.
    case vanish
}

/// A client stops reading, or reads slowly.
package struct Stall: Hashable, Sendable {
    package var duration: Duration
    /// Bytes per second; nil: none at all.
    package var rate: Int?
}

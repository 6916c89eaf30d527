/// A fault of the run's clock, for the reports: when it was, what it was, and whom it hit.
package struct FaultMark: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case drop
        case stall
        case run
    }

    package var kind: Kind
    /// What it was, in words: `drop 80 % of visitor: reset`.
    package var text: String
    /// The place in the scenario's file: `storm.yaml:12:5`.
    package var place: String
    /// When it began, in seconds of the run.
    package var begin: Double
    /// The clients that it hit; 0 for a command.
    package var clients: Int
    /// Those that were not over it when the run ended.
    package var unrecovered: Int
    /// When the last of the others was over it, or the command had ended; in seconds of the run, nil where nobody was.
    package var end: Double?
    /// What became of the command; nil for other faults.
    package var command: CommandOutcome?

    package init(
        kind: Kind,
        text: String,
        place: String,
        begin: Double,
        clients: Int = 0,
        unrecovered: Int = 0,
        end: Double? = nil,
        command: CommandOutcome? = nil
    ) {
        self.kind = kind
        self.text = text
        self.place = place
        self.begin = begin
        self.clients = clients
        self.unrecovered = unrecovered
        self.end = end
        self.command = command
    }

    /// The second of the run in which it began.
    package var second: Int { Int(max(0, min(begin, 1e9))) }
}

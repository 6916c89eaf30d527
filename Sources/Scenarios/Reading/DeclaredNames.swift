/// The names that a scenario declares, for whoever judges the words of a check.
package struct DeclaredNames: Hashable, Sendable {
    package var groups: [String] = []
    package var phases: [String] = []
    /// From `measure:`; each is a time.
    package var measures: [String] = []
    /// The events of `emit` steps that ask for an acknowledgement; each is the time `ack.EVENT`.
    package var acknowledgedEvents: [String] = []
    package var streams: [String] = []
    package var plans: [String] = []
    /// From `count:`.
    package var counters: [String] = []
    /// The events that some step or handler names, as `received.EVENT`.
    package var receivedEvents: [String] = []
    /// The file has `http:` steps.
    package var usesHTTP = false

    package init() {}
}

/// What is wrong with the text of a check.
package struct CheckProblem: Hashable, Sendable {
    /// The part of the text that is wrong, in UTF-8 offsets.
    package var range: Range<Int>
    /// A sentence without the full stop.
    package var message: String
    package var suggestion: String?

    package init(range: Range<Int>, message: String, suggestion: String? = nil) {
        self.range = range
        self.message = message
        self.suggestion = suggestion
    }
}

/// One run of a scenario that is asked whether it fails.
package struct Trial: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        /// Every check failed.
        case failed
        /// Some check held, or had no data.
        case held
        /// No connection came about; the sentence says why.
        case unreachable(String)
        /// The person ended it.
        case interrupted
    }

    /// What a check saw.
    package struct Finding: Hashable, Sendable {
        package var check: String
        package var actual: String
    }

    package var verdict: Verdict
    package var findings: [Finding]
    /// Until it was decided.
    package var seconds: Double
    /// The longest time in which nothing was said, in seconds.
    package var silence: Double
    /// Sent and received.
    package var messages: Int
    /// The kinds of errors there were, with an example of each.
    package var errors: [String] = []
}

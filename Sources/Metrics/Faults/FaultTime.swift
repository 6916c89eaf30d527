/// The two kinds of time that a run with faults has.
///
/// What clients that no fault has hit measured in the one and in the other says what the faults of some did to the rest.
package enum FaultTime: String, Hashable, Sendable, CaseIterable {
    /// No fault was on.
    case calm
    /// Somewhere in the run a client was not over a fault, or a command of the scenario's ran.
    case fault
}

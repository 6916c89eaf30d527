/// Something that a fault of the run's clock did just now, for whoever watches the run.
package struct FaultNews: Hashable, Sendable {
    /// Seconds of the run.
    package var seconds: Double
    /// A sentence without its full stop.
    package var text: String
    /// A command failed.
    package var isWarning: Bool
}

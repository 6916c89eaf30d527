import NIOCore

/// Turns the loop's time into milliseconds since 1970, so that what is written down can be compared with other logs.
struct WallClock: Sendable {
    private let epochMilliseconds: Int64
    private let reference: NIODeadline

    /// - Parameters:
    ///   - epochMilliseconds: Milliseconds since 1970 at `reference`.
    ///   - reference: The same instant on the loop's clock.
    init(epochMilliseconds: Int64, at reference: NIODeadline) {
        self.epochMilliseconds = epochMilliseconds
        self.reference = reference
    }

    func milliseconds(at instant: NIODeadline) -> Int64 {
        epochMilliseconds + (instant - reference).nanoseconds / 1_000_000
    }
}

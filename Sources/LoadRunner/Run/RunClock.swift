import Dispatch
import Foundation
package import NIOCore

/// The run's time: a start that all workers share, and what the wall clock showed then.
package struct RunClock: Sendable {
    package let start: NIODeadline
    package let startEpochMilliseconds: Int64

    /// A clock that starts after this delay.
    package init(startingIn delay: TimeAmount) {
        start = .now() + delay
        startEpochMilliseconds = Int64(Date().timeIntervalSince1970 * 1000) + delay.nanoseconds / 1_000_000
    }

    /// Milliseconds since 1970; off by what the wall clock was set since the start.
    func epochMilliseconds(at time: NIODeadline) -> Int64 {
        startEpochMilliseconds + (time - start).nanoseconds / 1_000_000
    }

    /// The second of the run, from 0.
    func second(at time: NIODeadline) -> Int {
        Int(max(0, (time - start).nanoseconds) / 1_000_000_000)
    }
}

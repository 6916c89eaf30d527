import Foundation
import NIOCore
import Scenarios

/// How long a client waits before it tries to connect again.
///
/// The official Socket.IO client's formula, to the millisecond: `delay · factorⁿ`, a random part of `jitter` of it more
/// or less, and only then the cap; whole milliseconds, rounded down. Whether it is more or less depends on the same
/// random number as how much, as there.
///
/// Source: socket.io-client 4, `contrib/backo2.ts`.
struct Backoff {
    private let policy: ReconnectPolicy
    /// How many delays were asked for since the transport was open.
    private(set) var attempts = 0

    init(_ policy: ReconnectPolicy) {
        self.policy = policy
    }

    /// The time until the next attempt; nil where the client gives up.
    mutating func next(_ random: inout ClientRandom) -> TimeAmount? {
        if let limit = policy.attempts, attempts >= limit { return nil }
        // A factor to a high power is no number any more; the cap applies long before.
        var milliseconds = min(Self.milliseconds(policy.delay) * pow(policy.factor, Double(attempts)), 1e15)
        attempts += 1
        if policy.jitter > 0 {
            let drawn = random.fraction()
            let deviation = (drawn * policy.jitter * milliseconds).rounded(.down)
            milliseconds += Int(drawn * 10) & 1 == 0 ? -deviation : deviation
        }
        return .milliseconds(Int64(min(milliseconds, Self.milliseconds(policy.cap))))
    }

    /// The transport is open: the next loss begins anew.
    mutating func reset() {
        attempts = 0
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) * 1000 + Double(attoseconds) / 1e15
    }
}

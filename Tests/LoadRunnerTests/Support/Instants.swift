import NIOCore
import Scenarios

/// An instant of the tests' clock, which starts at an hour's uptime.
func instant(_ amount: TimeAmount) -> NIODeadline {
    .uptimeNanoseconds(3_600_000_000_000) + amount
}

/// Random numbers that are the same for every run of a test.
func seededRandom(_ seed: Int) -> ClientRandom {
    ClientRandom(seed: UInt64(seed), slot: 0, generation: 0, stream: 0)
}

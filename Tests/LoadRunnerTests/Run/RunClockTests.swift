import Foundation
import NIOCore
import Testing

@testable import LoadRunner

@Suite("The run's clock")
struct RunClockTests {
    private let clock = RunClock(startingIn: .seconds(100))

    @Test("A second begins with its first nanosecond; before the start it is the first")
    func seconds() {
        #expect(clock.second(at: clock.start) == 0)
        #expect(clock.second(at: clock.start - .hours(1)) == 0)
        #expect(clock.second(at: clock.start + .seconds(1) - .nanoseconds(1)) == 0)
        #expect(clock.second(at: clock.start + .seconds(1)) == 1)
        #expect(clock.second(at: clock.start + .hours(3)) == 10_800)
    }

    @Test("The wall clock's time is that of the start and what went by since")
    func epoch() {
        let start = clock.startEpochMilliseconds
        #expect(clock.epochMilliseconds(at: clock.start) == start)
        #expect(clock.epochMilliseconds(at: clock.start + .milliseconds(1500)) == start + 1500)
        #expect(clock.epochMilliseconds(at: clock.start + .microseconds(1999)) == start + 1)
        #expect(clock.epochMilliseconds(at: clock.start - .seconds(2)) == start - 2000)
    }

    @Test("The delay moves the start on both clocks")
    func delay() {
        let before = NIODeadline.now()
        let early = Int64(Date().timeIntervalSince1970 * 1000)
        let clock = RunClock(startingIn: .seconds(7))
        let late = Int64(Date().timeIntervalSince1970 * 1000)
        let after = NIODeadline.now()
        #expect((before + .seconds(7)...after + .seconds(7)).contains(clock.start))
        #expect((early + 7000...late + 7000).contains(clock.startEpochMilliseconds))
    }
}

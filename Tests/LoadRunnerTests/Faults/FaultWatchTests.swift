import NIOCore
import Testing

@testable import LoadRunner

@Suite("Calm time and faults, as a worker sees them")
struct FaultWatchTests {
    private static func time(_ milliseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(0) + .milliseconds(milliseconds)
    }

    @Test("activity is on while something is, and counts how often it was turned on")
    func activity() {
        let activity = FaultActivity()
        #expect(activity.state == FaultActivity.State(isOn: false, beginnings: 0))
        activity.begin()
        activity.begin()
        #expect(activity.state == FaultActivity.State(isOn: true, beginnings: 1))
        activity.end()
        #expect(activity.state.isOn)
        activity.end()
        #expect(activity.state == FaultActivity.State(isOn: false, beginnings: 1))
        activity.begin()
        #expect(activity.state == FaultActivity.State(isOn: true, beginnings: 2))
    }

    @Test("a fault is seen at once, and its end some time after it")
    func hysteresis() {
        var watch = FaultWatch()
        let calm = FaultActivity.State(isOn: false, beginnings: 1)
        #expect(!watch.look(at: FaultActivity.State(isOn: false, beginnings: 0), now: Self.time(0)))
        #expect(watch.look(at: FaultActivity.State(isOn: true, beginnings: 1), now: Self.time(1)))
        #expect(watch.isFault)
        #expect(!watch.look(at: FaultActivity.State(isOn: true, beginnings: 1), now: Self.time(500)))
        #expect(!watch.look(at: calm, now: Self.time(501)))
        #expect(!watch.look(at: calm, now: Self.time(520)))
        #expect(watch.isFault)
        #expect(watch.look(at: calm, now: Self.time(521)))
        #expect(!watch.isFault)
        #expect(!watch.look(at: calm, now: Self.time(900)))
    }

    @Test("a fault between two looks is seen all the same")
    func between() {
        var watch = FaultWatch()
        #expect(watch.look(at: FaultActivity.State(isOn: false, beginnings: 3), now: Self.time(1)))
        #expect(watch.isFault)
        #expect(!watch.look(at: FaultActivity.State(isOn: false, beginnings: 3), now: Self.time(2)))
        #expect(watch.look(at: FaultActivity.State(isOn: false, beginnings: 3), now: Self.time(22)))
    }

    @Test("a storm of short faults turns the figures at most twice in the time that calm takes to come")
    func storm() {
        var watch = FaultWatch()
        var turns: [Int64] = []
        for millisecond in Int64(0)..<10_000 {
            // On for a millisecond, off for some: from often to seldom.
            let period = 2 + millisecond / 250
            let state = FaultActivity.State(
                isOn: millisecond % period == 0,
                beginnings: Int(millisecond / period) + Int(period) * 10_000
            )
            if watch.look(at: state, now: Self.time(millisecond)) { turns.append(millisecond) }
        }
        #expect(turns.count > 10)
        for (turn, second) in zip(turns, turns.dropFirst(2)) {
            #expect(second - turn >= FaultWatch.calmAfter.nanoseconds / 1_000_000)
        }
    }
}

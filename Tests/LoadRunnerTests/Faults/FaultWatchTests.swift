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

    /// Looks at these states at these times.
    ///
    /// - Returns: The times at which the figures turned.
    private static func turns(_ looks: [(milliseconds: Int64, isOn: Bool, beginnings: Int)]) -> [Int64] {
        var watch = FaultWatch()
        var turns: [Int64] = []
        for look in looks {
            let before = watch.isFault
            let state = FaultActivity.State(isOn: look.isOn, beginnings: look.beginnings)
            let hasTurned = watch.look(at: state, now: time(look.milliseconds))
            #expect(hasTurned == (before != watch.isFault))
            if hasTurned { turns.append(look.milliseconds) }
        }
        return turns
    }

    @Test("a fault is seen at once, and its end some time after it")
    func hysteresis() {
        let turns = Self.turns([
            (0, false, 0), (1, true, 1), (500, true, 1), (501, false, 1), (520, false, 1), (521, false, 1),
            (900, false, 1), (901, true, 2), (950, false, 2), (960, true, 3), (970, false, 3), (989, false, 3),
            (990, false, 3),
        ])
        #expect(turns == [1, 521, 901, 990])
    }

    @Test("a fault between two looks is seen all the same")
    func between() {
        #expect(Self.turns([(1, false, 3), (2, false, 3), (21, false, 3), (22, false, 3)]) == [1, 22])
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

import NIOCore
import Testing

@testable import LoadRunner

@Suite("The client's own heartbeat")
struct HeartTests {
    private func at(_ milliseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(1_000_000_000) + .milliseconds(milliseconds)
    }

    private func heart() -> Heart {
        Heart(every: .milliseconds(100), within: .milliseconds(40), openedAt: at(0))
    }

    @Test("It asks on its grid, and takes an answer's time from its question")
    func asks() {
        var heart = heart()
        #expect(heart.deadline == at(100))
        #expect(heart.beat(at: at(99)) == (0, false))
        #expect(heart.beat(at: at(101)) == (0, true))
        #expect(heart.oldest == at(101))
        #expect(heart.deadline == at(141))
        #expect(heart.answered(at: at(120)) == .milliseconds(19))
        #expect(heart.answered(at: at(121)) == nil)
        // From the grid, not from the late beat.
        #expect(heart.deadline == at(200))
    }

    @Test("An answer that takes too long is missed once, and counts no more when it comes")
    func misses() {
        var heart = heart()
        _ = heart.beat(at: at(100))
        #expect(heart.beat(at: at(139)) == (0, false))
        #expect(heart.beat(at: at(140)) == (1, false))
        #expect(heart.answered(at: at(150)) == nil)
        #expect(heart.beat(at: at(200)) == (0, true))
    }

    @Test("While the client does not read the heart stands still: what it asked is no later for that")
    func standsStill() {
        var heart = heart()
        _ = heart.beat(at: at(100))
        heart.stoodStill(for: .milliseconds(1000))
        #expect(heart.deadline == at(1140))
        #expect(heart.beat(at: at(1139)) == (0, false))
        #expect(heart.answered(at: at(1120)) == .milliseconds(20))
        #expect(heart.deadline == at(1200))
    }

    @Test("Answers belong to the questions in their order")
    func order() {
        var heart = Heart(every: .milliseconds(10), within: .milliseconds(1000), openedAt: at(0))
        #expect(heart.beat(at: at(10)).asks)
        #expect(heart.beat(at: at(20)).asks)
        #expect(heart.answered(at: at(25)) == .milliseconds(15))
        #expect(heart.answered(at: at(26)) == .milliseconds(6))
    }

    @Test("Beats that it lost are not made up for")
    func standstill() {
        var heart = heart()
        #expect(heart.beat(at: at(950)) == (0, true))
        #expect(heart.answered(at: at(960)) == .milliseconds(10))
        #expect(heart.deadline == at(1000))
    }

    @Test("Questions without an answer do not pile up")
    func bound() {
        var heart = Heart(every: .milliseconds(1), within: .hours(1), openedAt: at(0))
        var missed = 0
        for time in 1...100 { missed += heart.beat(at: at(Int64(time))).missed }
        #expect(missed == 84)
    }
}

import NIOCore
import Testing

@testable import PracticeServer

@Suite struct BacklogTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test("The oldest byte is one of the write that was taken in part, and the next once all of it is gone")
    func oldest() {
        var backlog = Backlog(100, at: start)
        backlog.write(50, at: start + .milliseconds(10))
        backlog.write(25, at: start + .milliseconds(20))
        #expect(backlog.written == 175)
        #expect(backlog.oldest(waiting: 175) == start)
        #expect(backlog.oldest(waiting: 76) == start)
        #expect(backlog.oldest(waiting: 75) == start + .milliseconds(10))
        #expect(backlog.oldest(waiting: 26) == start + .milliseconds(10))
        #expect(backlog.oldest(waiting: 25) == start + .milliseconds(20))
        #expect(backlog.oldest(waiting: 1) == start + .milliseconds(20))
        #expect(backlog.oldest(waiting: 0) == nil)
        #expect(backlog.since == start)
    }

    @Test("Writes of the same millisecond are as old as the first of them")
    func sameMillisecond() {
        var backlog = Backlog(10, at: start)
        for step in 1...9 { backlog.write(10, at: start + .microseconds(Int64(step) * 100)) }
        backlog.write(10, at: start + .milliseconds(1))
        #expect(backlog.oldest(waiting: 11) == start)
        #expect(backlog.oldest(waiting: 10) == start + .milliseconds(1))
    }
}
